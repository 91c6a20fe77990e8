import type { Denial, Grant } from '../model/decision.js';
import type { Verdict } from './gatekeeper.js';

/** What settling a verdict needs of a framework. */
export interface Settlement<Arguments extends readonly unknown[]> {
  /** What the framework hands to a handler, for an `onDenied` function. */
  readonly args: Arguments;
  /** Whether nobody waits for the response any more. */
  readonly isOver: () => boolean;
  /** Sends the answer to a refused request. */
  readonly respond: (denial: Denial) => unknown;
}

/**
 * Carries a verdict as far as no framework matters.
 *
 * @returns the grant to go on with; an `Error` for the framework's error handling; `undefined` when
 *   the request has its answer, or nobody waits for one. Only a grant may reach a handler.
 */
export async function settle<Arguments extends readonly unknown[]>(
  judging: Promise<Verdict<Arguments>>,
  { args, isOver, respond }: Settlement<Arguments>,
): Promise<Grant<unknown> | Error | undefined> {
  try {
    const { decision, onDenied } = await judging;
    if (isOver()) return undefined;
    if (decision.granted) return decision;
    if (onDenied === 'delegate') return decision.error;
    await (onDenied === 'respond' ? respond(decision) : onDenied(decision, ...args));
    return undefined;
  } catch (thrown) {
    // Frameworks read `undefined`, `null` and some strings as "go on": whatever was thrown reaches them as an Error.
    return thrown instanceof Error ? thrown : new Error('a refused request could not be answered', { cause: thrown });
  }
}
