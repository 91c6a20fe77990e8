import { ConfigurationError } from '../errors.js';
import type { Denial } from '../model/decision.js';

/**
 * What happens to a refused request: `'respond'` answers it; `'delegate'` hands the `AccessError`
 * to the framework's error handling; a function gets the denial and the framework's own
 * arguments, and answers itself.
 */
export type OnDenied<Arguments extends readonly unknown[]> =
  | 'respond'
  | 'delegate'
  | ((denial: Denial, ...args: Arguments) => unknown);

/** What an adapter's `auth()` can be told beyond the server's options. */
export interface GateOptions<Arguments extends readonly unknown[]> {
  /** Default `'respond'`. Guards behind this gate do the same. */
  readonly onDenied?: OnDenied<Arguments> | undefined;
  /** Instead of the server's own `credentials`, for this gate. */
  readonly credentials?: 'required' | 'optional' | undefined;
}

/** Judges the second argument of `auth()`. */
export function judgeGateOptions<Arguments extends readonly unknown[]>(
  options: GateOptions<Arguments>,
): { onDenied: OnDenied<Arguments>; credentials: GateOptions<Arguments>['credentials'] } {
  const { onDenied = 'respond', credentials, ...unknown } = options;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new ConfigurationError(name, 'is not an option; there are onDenied, credentials');
  if (onDenied !== 'respond' && onDenied !== 'delegate' && typeof onDenied !== 'function') {
    throw new ConfigurationError('onDenied', "must be 'respond', 'delegate' or a function");
  }
  if (credentials !== undefined && credentials !== 'required' && credentials !== 'optional') {
    throw new ConfigurationError('credentials', "must be 'required' or 'optional'");
  }
  return { onDenied, credentials };
}
