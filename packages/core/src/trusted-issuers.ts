import { ConfigurationError } from './errors.js';
import { Malformed } from './jws/malformed.js';
import { KeyLoader } from './keys/key-loader.js';
import { importKeySet } from './keys/key-set.js';
import { RemoteKeySource } from './keys/remote-key-source.js';
import { StaticKeySource } from './keys/static-key-source.js';
import type { KeySource, NetworkDoor } from './model/ports.js';
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
  if (!('jwks' in keys)) return new RemoteKeySource(new KeyLoader(keys, door), settings.keys, settings.clock);
  const set = importKeySet(keys.jwks, keys.rsaAlgorithm);
  if (set instanceof Malformed) throw new ConfigurationError(keys.option, set.reason);
  // Such a server could never accept a token; that nobody can get in is better heard now.
  if (set.size === 0) throw new ConfigurationError(keys.option, `has no usable key for ${issuer}`);
  return new StaticKeySource(set);
}
