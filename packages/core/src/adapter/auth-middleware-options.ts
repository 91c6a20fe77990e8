import type { CheckOptions } from '../check-options.js';
import { ConfigurationError } from '../errors.js';
import type { Denied } from '../model/decision.js';
import { bagOf, oneOf, valueOr } from '../options/assert.js';

/**
 * What happens to a refused request.
 *
 * `'respond'` sends the response. `'delegate'` passes the `AccessError` to the framework's error
 * handling. A function gets the denial and the framework's arguments, and must send the response
 * itself. The handler does not run in any of these cases, unless the function calls it.
 */
export type OnDenied<Arguments extends readonly unknown[]> =
  | 'respond'
  | 'delegate'
  // A method type is bivariant: its parameters may have the framework's own types, of which the
  // types here are a part.
  | { answer(denial: Denied, ...args: Arguments): unknown }['answer'];

/**
 * Options of an adapter's `auth()` beside the options of the server. An unknown name or a wrong
 * value throws a `ConfigurationError`.
 */
export interface AuthMiddlewareOptions<Arguments extends readonly unknown[]> {
  /**
   * What happens to a refused request; see {@link OnDenied}. It applies to this `auth()` and to the
   * guards behind it. A thrown error or a rejection goes to the framework's error handling.
   *
   * @default 'respond'
   */
  readonly onDenied?: OnDenied<Arguments>;
  /**
   * Whether a request without credentials is refused (`'required'`), or accepted as anonymous
   * (`'optional'`). Invalid credentials are refused in both cases.
   *
   * @default the `credentials` of the server
   */
  readonly credentials?: 'required' | 'optional';
}

/**
 * Parses the second argument of `auth()`.
 *
 * @throws {ConfigurationError} naming the option
 */
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
