import { hash } from 'node:crypto';
import { LruAnswerCache } from './cache/answer-cache.js';
import { LruResolutionCache } from './cache/resolution-cache.js';
import { LruStatusListCache } from './cache/status-list-cache.js';
import { ConfigurationError } from './errors.js';
import type { ClientAuthentication } from './introspection/client-authentication.js';
import { EndpointSource } from './introspection/endpoint-source.js';
import { IntrospectionCall } from './introspection/introspection-call.js';
import { type AnswerTimes, RemoteIntrospector } from './introspection/remote-introspector.js';
import { Malformed } from './jws/malformed.js';
import type { KeyRules } from './jws/public-key.js';
import { KeyLoader } from './keys/key-loader.js';
import { importKeySet } from './keys/key-set.js';
import { RemoteKeySource, type Seed } from './keys/remote-key-source.js';
import { StaticKeySource } from './keys/static-key-source.js';
import type { Clock } from './model/clock.js';
import type { AnswerCache, Fetcher, KeySource } from './model/ports.js';
import { mockIssuerWarning } from './observe/warnings.js';
import type { GivenKeys, IssuerSettings } from './options/parse-issuer.js';
import type { Settings } from './options/parse-options.js';
import type { IssuerSeed } from './options/parse-seed.js';
import type { TrustedIntrospection, TrustedIssuer } from './pipeline.js';
import { ConfiguredIssuers } from './token/configured-issuers.js';
import type { IssuerDirectory } from './token/issuer-directory.js';
import { ResolvedIssuers } from './token/resolved-issuers.js';
import { type HeldStatusList, StatusListSource } from './validity/status-list-source.js';

/** Gives every trusted issuer keys and rules of its own, configured or found: two issuers share neither. */
export function buildIssuerDirectory(settings: Settings<unknown>, fetcher: Fetcher): IssuerDirectory<TrustedIssuer> {
  const { issuers, clock, keys } = settings;
  const factory = new IssuerFactory(settings, fetcher);
  if (typeof issuers !== 'function') {
    return new ConfiguredIssuers(new Map(issuers.map((issuer) => [issuer.issuer, factory.make(issuer)])));
  }
  const resolution = {
    resolve: async (identifier: string, known: TrustedIssuer | undefined) => {
      const issuer = await issuers(identifier);
      return issuer && (() => factory.make(issuer, known));
    },
    trustedSeconds: keys.maxAgeSeconds,
    refusedSeconds: keys.cooldownSeconds,
    timeoutSeconds: keys.timeoutSeconds,
  };
  return new ResolvedIssuers(resolution, new LruResolutionCache<TrustedIssuer>(), clock);
}

/** Makes trusted issuers of their settings. */
class IssuerFactory {
  readonly #settings: Settings<unknown>;
  readonly #fetcher: Fetcher;
  /** Used once: keys that were withdrawn since must not come back with them. */
  readonly #seeds: Map<string, IssuerSeed>;
  /** One memory for all issuers, so that it is bounded however many they are. */
  readonly #answers: AnswerCache | undefined;
  readonly #lists = new LruStatusListCache<HeldStatusList>();
  /** What each issuer was made of, and where its keys are. */
  readonly #made = new WeakMap<TrustedIssuer, { readonly whole: string; readonly keys: string }>();

  constructor(settings: Settings<unknown>, fetcher: Fetcher) {
    this.#settings = settings;
    this.#fetcher = fetcher;
    this.#seeds = new Map(settings.seed);
    const { introspectionCache } = settings;
    this.#answers = introspectionCache && new LruAnswerCache(introspectionCache.maxEntries);
  }

  /** @param known the same issuer as it was before: it stays where nothing changed, and so do its keys where they are where they were */
  make(issuer: IssuerSettings, known?: TrustedIssuer): TrustedIssuer {
    const marks = { whole: fingerprint(issuer), keys: fingerprint(issuer.keys) };
    const before = known && this.#made.get(known);
    if (known !== undefined && before?.whole === marks.whole) return known;
    const warnOfMock = known?.warnOfMock ?? mockIssuerWarning(issuer.issuer);
    const keys =
      known !== undefined && before?.keys === marks.keys ? known.signature.keys : this.#keySourceOf(issuer, warnOfMock);
    const { algorithms, claims } = issuer;
    const introspection = this.#introspectionOf(issuer, keys, marks.whole, warnOfMock);
    const statusLists = this.#statusListsOf(issuer, keys);
    const made = Object.freeze({ signature: { algorithms, keys }, claims, introspection, statusLists, warnOfMock });
    this.#made.set(made, marks);
    return made;
  }

  #introspectionOf(
    { issuer, algorithms, terms, introspection }: IssuerSettings,
    keys: KeySource,
    fingerprint: string,
    onMock: () => void,
  ): TrustedIntrospection | undefined {
    if (introspection === undefined) return undefined;
    const { clock, keys: times, introspectionCache } = this.#settings;
    const { client, isSigned, claims } = introspection;
    const query = {
      issuer,
      member: 'introspection_endpoint',
      prefersMutualTls: showsCertificate(client),
      terms,
      onMock,
    };
    const endpoint = new EndpointSource(query, times.maxAgeSeconds, this.#fetcher, clock, introspection.endpoint);
    const audience = [client.clientId, ...(claims.audience ?? [])];
    const signedAnswer = isSigned ? { issuer, audience, algorithms, keys } : undefined;
    const call = new IntrospectionCall({ issuer, client, terms, signedAnswer, clock }, endpoint, this.#fetcher);
    const { timeoutSeconds } = times;
    const settings = { issuer, identity: [fingerprint], timeoutSeconds, times: introspectionCache ?? noTimes, clock };
    const introspector = new RemoteIntrospector(settings, call, endpoint, this.#answers);
    return Object.freeze({ introspector, isForAll: introspection.mode === 'always', isSigned, claims });
  }

  #statusListsOf(
    { issuer, algorithms, terms, ownHosts }: IssuerSettings,
    keys: KeySource,
  ): StatusListSource | undefined {
    const { revocation, clock, keys: times } = this.#settings;
    if (!revocation.usesStatusLists) return undefined;
    // A token names the place: only where the issuer is anyway.
    const listTerms = { ...terms, hosts: terms.hosts ?? ownHosts };
    const settings = {
      signer: { issuer, algorithms, keys },
      terms: listTerms,
      timeoutSeconds: times.timeoutSeconds,
      clock,
    };
    return new StatusListSource(settings, this.#fetcher, this.#lists);
  }

  #keySourceOf({ issuer, keys }: IssuerSettings, onMock: () => void): KeySource {
    if (!areGiven(keys)) {
      const { clock, keys: times } = this.#settings;
      const seed = readSeed(this.#seeds.get(issuer), keys.rules, clock);
      this.#seeds.delete(issuer);
      return new RemoteKeySource(issuer, new KeyLoader(keys, this.#fetcher, onMock), times, clock, seed);
    }
    const set = importKeySet(keys.jwks, keys.rules);
    if (set instanceof Malformed) throw new ConfigurationError(keys.option, set.reason);
    // Such a server could never accept a token; that nobody can get in is better heard now.
    if (set.size === 0) throw new ConfigurationError(keys.option, `has no usable key for ${issuer}`);
    return new StaticKeySource(set);
  }
}

function areGiven(keys: IssuerSettings['keys']): keys is GivenKeys {
  return Object.hasOwn(keys, 'jwks');
}

const noTimes: AnswerTimes = Object.freeze({ positiveSeconds: 0, negativeSeconds: 0 });

function showsCertificate({ method }: ClientAuthentication): boolean {
  return method === 'tls_client_auth' || method === 'self_signed_tls_client_auth';
}

/** Equal for equal settings: they are plain data, sets, URLs and secrets, of which keys stand in there by their hash. */
function fingerprint(settings: object): string {
  const text = JSON.stringify(settings, (_, value: unknown) => (value instanceof Set ? [...value] : value));
  return hash('sha256', text, 'base64url');
}

const maxClockDifferenceMilliseconds = 300_000;

/** The keys of a snapshot, as old as they are: by the clock, since intervals do not outlive a process. */
function readSeed(seed: IssuerSeed | undefined, rules: KeyRules, clock: Clock): Seed | undefined {
  if (seed === undefined) return undefined;
  const { issuer, jwks, fetchedAt, freshSeconds } = seed;
  const keys = importKeySet(jwks, rules);
  if (keys instanceof Malformed) throw new ConfigurationError('keys.seed', `has no JWK set for ${issuer}`);
  const ageMilliseconds = clock.now() - fetchedAt;
  // Of the future: two clocks that differ that much cannot say how old it is, and it must not stay young for ever.
  if (ageMilliseconds < -maxClockDifferenceMilliseconds) return undefined;
  return { keys, jwks, freshSeconds, ageMilliseconds: Math.max(0, ageMilliseconds) };
}
