import { ConfigurationError } from './errors.js';
import type { Policy } from './model/policy.js';
import { emptyBare } from './objects/bare.js';
import { bagOf, oneOf } from './options/assert.js';
import { assertPolicy } from './policy/policies.js';

/**
 * Settings for one check, beside those of the server.
 *
 * @example
 * import { type CheckOptions, scope } from '@resource-server/core';
 *
 * const options: CheckOptions = { policy: scope('reports:read') };
 */
export interface CheckOptions {
  /**
   * The policy that the authenticated request must satisfy. With a policy, a request without
   * credentials is always refused, also where `credentials` is `'optional'`.
   *
   * @default none: every valid token is accepted
   */
  readonly policy?: Policy;
  /**
   * Whether a request without credentials is refused (`'required'`) or accepted as anonymous
   * (`'optional'`). Invalid credentials are refused in both cases.
   *
   * @default the `credentials` of the server
   */
  readonly credentials?: 'required' | 'optional';
}

const none: CheckOptions = Object.freeze(emptyBare());

/**
 * Parses the options of one check. A misspelt `policy`, or a `policy` that is `undefined`, would
 * skip the policy without notice. Both are errors.
 *
 * @throws {ConfigurationError} for an invalid option; the error names the option
 */
export function parseCheckOptions(options: object | undefined, known: readonly (keyof CheckOptions)[]): CheckOptions {
  if (options === undefined) return none;
  const bag = bagOf('options', options, known);
  for (const name of Object.keys(bag)) {
    if (bag[name] === undefined) throw new ConfigurationError(name, 'is undefined; give it a value or omit it');
  }
  const { policy, credentials } = bag;
  if (policy !== undefined) assertPolicy('policy', policy);
  if (credentials !== undefined) oneOf('credentials', credentials, ['required', 'optional']);
  return bag as CheckOptions;
}
