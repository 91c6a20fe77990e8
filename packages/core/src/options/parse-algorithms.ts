import { algorithmProfile, type KeyAlgorithm, signatureAlgorithms } from '../jws/algorithms.js';
import { nonEmptyList, oneOf } from './assert.js';

/** The algorithms an issuer may use, by their fully-specified names; all of the closed list when nothing is said. */
export function parseAlgorithms(option: string, value: unknown): ReadonlySet<KeyAlgorithm> {
  const names = nonEmptyList(option, value === undefined ? signatureAlgorithms : value);
  const profiles = names.map((name) => algorithmProfile(oneOf(option, name, signatureAlgorithms)));
  return new Set(profiles.flatMap((profile) => profile?.name ?? []));
}

/** What an RSA key without `alg` is for: the one RSA algorithm that may be used, else RS256. */
export function rsaAlgorithmOf(algorithms: ReadonlySet<KeyAlgorithm>): KeyAlgorithm {
  const [first = 'RS256', ...others] = [...algorithms].filter((name) => algorithmProfile(name)?.keyType === 'RSA');
  return others.length === 0 ? first : 'RS256';
}
