import { ConfigurationError } from '../errors.js';
import type { IsRevoked } from '../validity/check-revocation.js';
import { bagOf, oneOf, valueOr } from './assert.js';

/** How revocation is found out, as the rooms take it. */
export interface RevocationSettings {
  readonly isRevoked: IsRevoked | undefined;
  readonly usesStatusLists: boolean;
}

export function parseRevocationOptions(option: string, value: unknown): RevocationSettings {
  if (value === undefined) return Object.freeze({ isRevoked: undefined, usesStatusLists: false });
  const bag = bagOf(option, value, ['isRevoked', 'statusLists']);
  const { isRevoked } = bag;
  if (isRevoked !== undefined && typeof isRevoked !== 'function') {
    throw new ConfigurationError(`${option}.isRevoked`, 'must be a function');
  }
  const usesStatusLists = oneOf(`${option}.statusLists`, valueOr(bag, 'statusLists', false), [true, false]);
  // Whoever writes this option means to check something.
  if (isRevoked === undefined && !usesStatusLists) {
    throw new ConfigurationError(option, 'must have isRevoked, or statusLists: true');
  }
  return Object.freeze({ isRevoked: isRevoked as IsRevoked | undefined, usesStatusLists });
}
