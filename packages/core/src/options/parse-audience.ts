import { ConfigurationError } from '../errors.js';
import { nonEmptyString, stringList } from './assert.js';

/**
 * `audience` has no default: without an audience check, tokens for every other API of the issuer
 * would be accepted. Only an explicit `null` disables the check.
 *
 * @throws {ConfigurationError} for an absent audience, an empty string and an empty list
 */
export function parseAudience(option: string, value: unknown): readonly string[] | null {
  if (value === undefined) {
    throw new ConfigurationError(option, 'is required; use null to disable the audience check');
  }
  if (value === null) return null;
  return Array.isArray(value) ? stringList(option, value) : Object.freeze([nonEmptyString(option, value)]);
}
