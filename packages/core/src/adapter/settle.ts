import type { Denial, Header } from '../model/decision.js';
import type { Verdict } from './gatekeeper.js';

/** What settling a verdict needs of a framework. */
export interface Settlement<Arguments extends readonly unknown[]> {
  /** What the framework hands to a handler, for an `onDenied` function. */
  readonly args: Arguments;
  /** Whether nobody waits for the response any more. */
  readonly isOver: () => boolean;
  /** Sets the headers of a grant. */
  readonly setHeaders: (headers: readonly Header[]) => void;
  /** Sends the answer to a refused request. */
  readonly respond: (denial: Denial) => unknown;
}

/**
 * Carries a verdict as far as no framework matters.
 *
 * @returns `'admitted'` when the request may go on; `'settled'` when it has its answer, or nobody waits for
 *   one; an `Error` for the framework's error handling. Only what is admitted may reach a handler.
 */
export async function settle<Arguments extends readonly unknown[]>(
  judging: Promise<Verdict<Arguments>>,
  { args, isOver, setHeaders, respond }: Settlement<Arguments>,
): Promise<'admitted' | 'settled' | Error> {
  try {
    const { decision, onDenied } = await judging;
    if (isOver()) return 'settled';
    if (decision.granted) {
      if (decision.headers.length > 0) setHeaders(decision.headers);
      return 'admitted';
    }
    if (onDenied === 'delegate') return decision.error;
    await (onDenied === 'respond' ? respond(decision) : onDenied(decision, ...args));
    return 'settled';
  } catch (thrown) {
    // Frameworks read `undefined`, `null` and some strings as "go on": whatever was thrown reaches them as an Error.
    return thrown instanceof Error ? thrown : new Error('a refused request could not be answered', { cause: thrown });
  }
}
