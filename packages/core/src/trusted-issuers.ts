import { ConfigurationError } from './errors.js';
import type { KeyAlgorithm } from './jws/algorithms.js';
import { parseJsonObject } from './jws/json.js';
import { Malformed } from './jws/malformed.js';
import { KeyLoader } from './keys/key-loader.js';
import { importKeySet } from './keys/key-set.js';
import { RemoteKeySource, type Seed } from './keys/remote-key-source.js';
import { StaticKeySource } from './keys/static-key-source.js';
import type { Clock, IssuerSnapshot, KeySource, NetworkDoor } from './model/ports.js';
import type { IssuerSettings } from './options/judge-issuer.js';
import type { Settings } from './options/judge-options.js';
import type { TrustedIssuer } from './pipeline.js';

/** Gives every configured issuer keys and rules of its own: two issuers share neither. */
export function buildTrustedIssuers(
  settings: Settings<unknown>,
  door: NetworkDoor,
): ReadonlyMap<string, TrustedIssuer> {
  return new Map(
    settings.issuers.map((issuer) => {
      const keys = keySourceOf(issuer, settings, door);
      return [
        issuer.issuer,
        Object.freeze({ signature: { algorithms: issuer.algorithms, keys }, claims: issuer.claims }),
      ];
    }),
  );
}

function keySourceOf({ issuer, keys }: IssuerSettings, settings: Settings<unknown>, door: NetworkDoor): KeySource {
  if (!('jwks' in keys)) {
    const seed = readSeed(settings.seed.get(issuer), keys.rsaAlgorithm, settings.clock);
    return new RemoteKeySource(issuer, new KeyLoader(keys, door), settings.keys, settings.clock, seed);
  }
  const set = importKeySet(keys.jwks, keys.rsaAlgorithm);
  if (set instanceof Malformed) throw new ConfigurationError(keys.option, set.reason);
  // Such a server could never accept a token; that nobody can get in is better heard now.
  if (set.size === 0) throw new ConfigurationError(keys.option, `has no usable key for ${issuer}`);
  return new StaticKeySource(set);
}

const maxClockDifferenceMilliseconds = 300_000;

/** The keys of a snapshot, as old as they are: by the clock, since intervals do not outlive a process. */
function readSeed(snapshot: IssuerSnapshot | undefined, rsaAlgorithm: KeyAlgorithm, clock: Clock): Seed | undefined {
  if (snapshot === undefined) return undefined;
  const jwks = parseJsonObject(octetsOf(snapshot.jwks));
  const keys = jwks instanceof Malformed ? jwks : importKeySet(jwks, rsaAlgorithm);
  if (jwks instanceof Malformed || keys instanceof Malformed) {
    throw new ConfigurationError('keys.seed', `has no JWK set for ${snapshot.issuer}`);
  }
  const ageMilliseconds = clock.now() - snapshot.fetchedAt;
  // Of the future: two clocks that differ that much cannot say how old it is, and it must not stay young for ever.
  if (ageMilliseconds < -maxClockDifferenceMilliseconds) return undefined;
  return { keys, jwks, freshSeconds: snapshot.freshSeconds, ageMilliseconds: Math.max(0, ageMilliseconds) };
}

/** As JSON; no octets where JSON has no words for it. */
function octetsOf(jwks: object): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(jwks));
  } catch {
    return new Uint8Array();
  }
}
