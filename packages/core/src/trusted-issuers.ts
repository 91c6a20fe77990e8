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
import { type CachedStatusList, StatusListSource } from './validity/status-list-source.js';

/**
 * Creates the directory of trusted issuers, from the configuration or with `issuer.resolve`. Every
 * issuer gets its own keys and rules: no two issuers share them.
 */
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

/** Creates trusted issuers from their settings. */
class IssuerFactory {
  readonly #settings: Settings<unknown>;
  readonly #fetcher: Fetcher;
  /** Each seed is used once: later it could bring back keys that the issuer has withdrawn. */
  readonly #seeds: Map<string, IssuerSeed>;
  /** One cache for all issuers, so that its size does not grow with the number of issuers. */
  readonly #answers: AnswerCache | undefined;
  readonly #lists = new LruStatusListCache<CachedStatusList>();
  /** For each issuer, the fingerprints of all its settings and of its key settings. */
  readonly #fingerprints = new WeakMap<TrustedIssuer, { readonly whole: string; readonly keys: string }>();

  constructor(settings: Settings<unknown>, fetcher: Fetcher) {
    this.#settings = settings;
    this.#fetcher = fetcher;
    this.#seeds = new Map(settings.seed);
    const { introspectionCache } = settings;
    this.#answers = introspectionCache && new LruAnswerCache(introspectionCache.maxEntries);
  }

  /**
   * @param known the same issuer, as it was created before. It is returned where no setting has
   *   changed. Its key source is kept where the key settings have not changed.
   */
  make(issuer: IssuerSettings, known?: TrustedIssuer): TrustedIssuer {
    const current = { whole: fingerprint(issuer), keys: fingerprint(issuer.keys) };
    const before = known && this.#fingerprints.get(known);
    if (known !== undefined && before?.whole === current.whole) return known;
    const warnOfMock = known?.warnOfMock ?? mockIssuerWarning(issuer.issuer);
    const keys =
      known !== undefined && before?.keys === current.keys
        ? known.signature.keys
        : this.#keySourceOf(issuer, warnOfMock);
    const { algorithms, claims } = issuer;
    const introspection = this.#introspectionOf(issuer, keys, current.whole, warnOfMock);
    const statusLists = this.#statusListsOf(issuer, keys);
    const made = Object.freeze({ signature: { algorithms, keys }, claims, introspection, statusLists, warnOfMock });
    this.#fingerprints.set(made, current);
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
      prefersMutualTls: usesMutualTls(client),
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
    return Object.freeze({ introspector, introspectsJwts: introspection.mode === 'always', isSigned, claims });
  }

  #statusListsOf(
    { issuer, algorithms, terms, ownHosts }: IssuerSettings,
    keys: KeySource,
  ): StatusListSource | undefined {
    const { revocation, clock, keys: times } = this.#settings;
    if (!revocation.usesStatusLists) return undefined;
    // An attacker can put any URL into a token. Lists are fetched only from the hosts of the
    // configured URLs of the issuer, and from `keys.allowedHosts`.
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
    // A server without a key would refuse every token: it is better to fail at start-up.
    if (set.size === 0) throw new ConfigurationError(keys.option, `must contain a usable public key for ${issuer}`);
    return new StaticKeySource(set);
  }
}

function areGiven(keys: IssuerSettings['keys']): keys is GivenKeys {
  return Object.hasOwn(keys, 'jwks');
}

const noTimes: AnswerTimes = Object.freeze({ positiveSeconds: 0, negativeSeconds: 0 });

function usesMutualTls({ method }: ClientAuthentication): boolean {
  return method === 'tls_client_auth' || method === 'self_signed_tls_client_auth';
}

/**
 * A hash that is equal for equal settings. Settings consist of plain data, sets, URLs and secrets;
 * private keys are contained as their hash.
 */
function fingerprint(settings: object): string {
  const text = JSON.stringify(settings, (_, value: unknown) => (value instanceof Set ? [...value] : value));
  return hash('sha256', text, 'base64url');
}

const maxClockDifferenceMilliseconds = 300_000;

/**
 * Reads the keys of a snapshot and their age. The age is measured with the wall clock, since the
 * monotonic clock starts anew with each process.
 */
function readSeed(seed: IssuerSeed | undefined, rules: KeyRules, clock: Clock): Seed | undefined {
  if (seed === undefined) return undefined;
  const { issuer, jwks, fetchedAt, freshSeconds } = seed;
  const keys = importKeySet(jwks, rules);
  if (keys instanceof Malformed) throw new ConfigurationError('keys.seed', `must contain a JWK set for ${issuer}`);
  const ageMilliseconds = clock.now() - fetchedAt;
  // A snapshot from the future has no known age. If it were used, it could stay fresh for ever.
  if (ageMilliseconds < -maxClockDifferenceMilliseconds) return undefined;
  return { keys, jwks, freshSeconds, ageMilliseconds: Math.max(0, ageMilliseconds) };
}
