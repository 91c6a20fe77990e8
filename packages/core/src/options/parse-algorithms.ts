import { algorithmProfile, type KeyAlgorithm, signatureAlgorithms } from '../jws/algorithms.js';
import { nonEmptyList, oneOf } from './assert.js';

/**
 * The algorithms that an issuer may use, by their fully-specified names (RFC 9864). Every supported
 * algorithm where the option is absent.
 *
 * @throws {ConfigurationError} for an empty list and for an unsupported algorithm
 */
export function parseAlgorithms(option: string, value: unknown): ReadonlySet<KeyAlgorithm> {
  const names = nonEmptyList(option, value === undefined ? signatureAlgorithms : value);
  const profiles = names.map((name) => algorithmProfile(oneOf(option, name, signatureAlgorithms)));
  return new Set(profiles.flatMap((profile) => profile?.name ?? []));
}

/** The algorithm of an RSA key without `alg`: the only allowed RSA algorithm, else RS256. */
export function rsaAlgorithmOf(algorithms: ReadonlySet<KeyAlgorithm>): KeyAlgorithm {
  const [first = 'RS256', ...others] = [...algorithms].filter((name) => algorithmProfile(name)?.keyType === 'RSA');
  return others.length === 0 ? first : 'RS256';
}
