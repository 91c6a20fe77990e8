import { ConfigurationError } from './errors.js';
import type { Policy } from './model/policy.js';
import { emptyBare } from './objects/bare.js';
import { bagOf, oneOf } from './options/assert.js';
import { assertPolicy } from './policy/policies.js';

/** What one check may ask beyond the server's settings. */
export interface CheckOptions {
  /** What the request needs once it is admitted; with it, a request without credentials is always refused. */
  readonly policy?: Policy;
  /** Instead of the server's own `credentials`. */
  readonly credentials?: 'required' | 'optional';
}

const none: CheckOptions = Object.freeze(emptyBare());

/**
 * Judges the options of one check. A misspelt `policy`, or one that turned out `undefined`, would check less
 * than was meant, and so is an error.
 *
 * @throws {ConfigurationError} naming the option
 */
export function parseCheckOptions(options: object | undefined, known: readonly (keyof CheckOptions)[]): CheckOptions {
  if (options === undefined) return none;
  const bag = bagOf('options', options, known);
  for (const name of Object.keys(bag)) {
    if (bag[name] === undefined) throw new ConfigurationError(name, 'is undefined; leave it out to ask for nothing');
  }
  const { policy, credentials } = bag;
  if (policy !== undefined) assertPolicy('policy', policy);
  if (credentials !== undefined) oneOf('credentials', credentials, ['required', 'optional']);
  return bag as CheckOptions;
}
