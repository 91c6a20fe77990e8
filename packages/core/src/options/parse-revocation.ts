import { ConfigurationError } from '../errors.js';
import type { IsRevoked } from '../validity/check-revocation.js';
import { bagOf, oneOf, valueOr } from './assert.js';

/** The parsed {@link RevocationCheck}. */
export interface RevocationSettings {
  readonly isRevoked: IsRevoked | undefined;
  readonly usesStatusLists: boolean;
}

/** @throws {ConfigurationError} naming the member */
export function parseRevocationOptions(option: string, value: unknown): RevocationSettings {
  if (value === undefined) return Object.freeze({ isRevoked: undefined, usesStatusLists: false });
  const bag = bagOf(option, value, ['isRevoked', 'statusLists']);
  const { isRevoked } = bag;
  if (isRevoked !== undefined && typeof isRevoked !== 'function') {
    throw new ConfigurationError(
      `${option}.isRevoked`,
      'must be a function that returns a boolean or a promise of one',
    );
  }
  const usesStatusLists = oneOf(`${option}.statusLists`, valueOr(bag, 'statusLists', false), [true, false]);
  // A group that checks nothing is a mistake: revoked tokens would be accepted.
  if (isRevoked === undefined && !usesStatusLists) {
    throw new ConfigurationError(
      option,
      'must contain isRevoked or statusLists: true; omit the group to check no revocation',
    );
  }
  return Object.freeze({ isRevoked: isRevoked as IsRevoked | undefined, usesStatusLists });
}
