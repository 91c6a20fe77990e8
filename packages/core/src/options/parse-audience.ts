import { ConfigurationError } from '../errors.js';
import { nonEmptyString, stringList } from './assert.js';

/** `audience` decides who we are; leaving it out would accept tokens made for anybody, so that nothing is its default. */
export function parseAudience(option: string, value: unknown): readonly string[] | null {
  if (value === undefined) {
    throw new ConfigurationError(option, 'must be given; null says that tokens for anybody are accepted');
  }
  if (value === null) return null;
  return Array.isArray(value) ? stringList(option, value) : Object.freeze([nonEmptyString(option, value)]);
}
