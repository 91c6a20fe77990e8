import { ConfigurationError } from './errors.js';
import type { KeyAlgorithm } from './jws/algorithms.js';
import { Malformed } from './jws/malformed.js';
import { KeyLoader } from './keys/key-loader.js';
import { importKeySet } from './keys/key-set.js';
import { RemoteKeySource, type Seed } from './keys/remote-key-source.js';
import { StaticKeySource } from './keys/static-key-source.js';
import type { Clock, KeySource, NetworkDoor } from './model/ports.js';
import type { IssuerSettings } from './options/judge-issuer.js';
import type { Settings } from './options/judge-options.js';
import type { IssuerSeed } from './options/judge-seed.js';
import type { TrustedIssuer } from './pipeline.js';
import { LruResolutionMemory } from './store/resolution-memory.js';
import { ConfiguredIssuers } from './token/configured-issuers.js';
import type { IssuerDirectory } from './token/issuer-directory.js';
import { ResolvedIssuers } from './token/resolved-issuers.js';

/** Gives every trusted issuer keys and rules of its own, configured or found: two issuers share neither. */
export function buildIssuerDirectory(settings: Settings<unknown>, door: NetworkDoor): IssuerDirectory<TrustedIssuer> {
  const { issuers, clock, keys } = settings;
  const foundry = new IssuerFoundry(settings, door);
  if (typeof issuers !== 'function') {
    return new ConfiguredIssuers(new Map(issuers.map((issuer) => [issuer.issuer, foundry.make(issuer)])));
  }
  const resolution = {
    resolve: async (identifier: string, known: TrustedIssuer | undefined) => {
      const issuer = await issuers(identifier);
      return issuer && (() => foundry.make(issuer, known));
    },
    trustedSeconds: keys.maxAgeSeconds,
    refusedSeconds: keys.cooldownSeconds,
    timeoutSeconds: keys.timeoutSeconds,
  };
  return new ResolvedIssuers(resolution, new LruResolutionMemory<TrustedIssuer>(), clock);
}

/** Makes trusted issuers of their settings. */
class IssuerFoundry {
  readonly #settings: Settings<unknown>;
  readonly #door: NetworkDoor;
  /** Used once: keys that were withdrawn since must not come back with them. */
  readonly #seeds: Map<string, IssuerSeed>;
  /** What each issuer was made of, and where its keys are. */
  readonly #made = new WeakMap<TrustedIssuer, { readonly whole: string; readonly keys: string }>();

  constructor(settings: Settings<unknown>, door: NetworkDoor) {
    this.#settings = settings;
    this.#door = door;
    this.#seeds = new Map(settings.seed);
  }

  /** @param known the same issuer as it was before: it stays where nothing changed, and so do its keys where they are where they were */
  make(issuer: IssuerSettings, known?: TrustedIssuer): TrustedIssuer {
    const marks = { whole: fingerprint(issuer), keys: fingerprint(issuer.keys) };
    const before = known && this.#made.get(known);
    if (known !== undefined && before?.whole === marks.whole) return known;
    const keys = known !== undefined && before?.keys === marks.keys ? known.signature.keys : this.#keySourceOf(issuer);
    const { algorithms, claims } = issuer;
    const made = Object.freeze({ signature: { algorithms, keys }, claims });
    this.#made.set(made, marks);
    return made;
  }

  #keySourceOf({ issuer, keys }: IssuerSettings): KeySource {
    if (!('jwks' in keys)) {
      const { clock, keys: times } = this.#settings;
      const seed = readSeed(this.#seeds.get(issuer), keys.rsaAlgorithm, clock);
      this.#seeds.delete(issuer);
      return new RemoteKeySource(issuer, new KeyLoader(keys, this.#door), times, clock, seed);
    }
    const set = importKeySet(keys.jwks, keys.rsaAlgorithm);
    if (set instanceof Malformed) throw new ConfigurationError(keys.option, set.reason);
    // Such a server could never accept a token; that nobody can get in is better heard now.
    if (set.size === 0) throw new ConfigurationError(keys.option, `has no usable key for ${issuer}`);
    return new StaticKeySource(set);
  }
}

/** Equal for equal settings: they are plain data, sets and URLs. */
function fingerprint(settings: object): string {
  return JSON.stringify(settings, (_, value: unknown) => (value instanceof Set ? [...value] : value));
}

const maxClockDifferenceMilliseconds = 300_000;

/** The keys of a snapshot, as old as they are: by the clock, since intervals do not outlive a process. */
function readSeed(seed: IssuerSeed | undefined, rsaAlgorithm: KeyAlgorithm, clock: Clock): Seed | undefined {
  if (seed === undefined) return undefined;
  const { issuer, jwks, fetchedAt, freshSeconds } = seed;
  const keys = importKeySet(jwks, rsaAlgorithm);
  if (keys instanceof Malformed) throw new ConfigurationError('keys.seed', `has no JWK set for ${issuer}`);
  const ageMilliseconds = clock.now() - fetchedAt;
  // Of the future: two clocks that differ that much cannot say how old it is, and it must not stay young for ever.
  if (ageMilliseconds < -maxClockDifferenceMilliseconds) return undefined;
  return { keys, jwks, freshSeconds, ageMilliseconds: Math.max(0, ageMilliseconds) };
}
