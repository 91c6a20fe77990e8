import type { CheckOptions } from '../check-options.js';
import { ConfigurationError } from '../errors.js';
import type { Denied } from '../model/decision.js';
import { bagOf, oneOf, valueOr } from '../options/assert.js';

/**
 * What happens to a refused request: `'respond'` answers it; `'delegate'` hands the `AccessError`
 * to the framework's error handling; a function gets the denial and the framework's own
 * arguments, and answers itself.
 */
export type OnDenied<Arguments extends readonly unknown[]> =
  | 'respond'
  | 'delegate'
  // As a method, so that its parameters may have the framework's own types, of which ours are a part.
  | { answer(denial: Denied, ...args: Arguments): unknown }['answer'];

/** What an adapter's `auth()` can be told beyond the server's options. */
export interface AuthMiddlewareOptions<Arguments extends readonly unknown[]> {
  /** Default `'respond'`. Guards behind this gate do the same. */
  readonly onDenied?: OnDenied<Arguments>;
  /** Instead of the server's own `credentials`, for this gate. */
  readonly credentials?: 'required' | 'optional';
}

/** Judges the second argument of `auth()`. */
export function parseAuthMiddlewareOptions<Arguments extends readonly unknown[]>(
  options: AuthMiddlewareOptions<Arguments>,
): Required<Pick<AuthMiddlewareOptions<Arguments>, 'onDenied'>> & {
  readonly check: Pick<CheckOptions, 'credentials'> | undefined;
} {
  const bag = bagOf('options', options, ['onDenied', 'credentials']);
  const onDenied = valueOr(bag, 'onDenied', 'respond');
  if (onDenied !== 'respond' && onDenied !== 'delegate' && typeof onDenied !== 'function') {
    throw new ConfigurationError('onDenied', "must be 'respond', 'delegate' or a function");
  }
  const credentials = valueOr(bag, 'credentials', undefined);
  return {
    onDenied: onDenied as OnDenied<Arguments>,
    check:
      credentials === undefined
        ? undefined
        : { credentials: oneOf('credentials', credentials, ['required', 'optional'] as const) },
  };
}
