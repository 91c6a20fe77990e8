import type { Denial, Header } from '../model/decision.js';
import { after, type Eventually, isPending } from '../model/eventually.js';
import type { Verdict } from './gatekeeper.js';

/** What settling a verdict needs of a framework. Each gets what the framework hands to a handler. */
export interface Settlement<Arguments extends readonly unknown[]> {
  /** Whether nobody waits for the response any more. */
  readonly isOver: (...args: Arguments) => boolean;
  /** Sets the headers of a grant. */
  readonly setHeaders: (headers: readonly Header[], ...args: Arguments) => void;
  /** Sends the answer to a refused request. */
  readonly respond: (denial: Denial, ...args: Arguments) => unknown;
}

/** `'admitted'` when the request may go on; `'settled'` when it has its answer, or nobody waits for one; an `Error` for the framework's error handling. */
export type Outcome = 'admitted' | 'settled' | Error;

/**
 * Carries a verdict as far as no framework matters: at once where the verdict is there and nobody has to be waited for. Only what is admitted
 * may reach a handler. Neither throws nor rejects.
 */
export function settle<Arguments extends readonly unknown[]>(
  judge: () => Eventually<Verdict<Arguments>>,
  settlement: Settlement<Arguments>,
  ...args: Arguments
): Eventually<Outcome> {
  try {
    const outcome = after(judge(), (verdict) => carryOut(verdict, settlement, args));
    return isPending(outcome) ? outcome.then(undefined, asError) : outcome;
  } catch (thrown) {
    return asError(thrown);
  }
}

function carryOut<Arguments extends readonly unknown[]>(
  { decision, onDenied }: Verdict<Arguments>,
  { isOver, setHeaders, respond }: Settlement<Arguments>,
  args: Arguments,
): Eventually<Outcome> {
  if (isOver(...args)) return 'settled';
  if (decision.granted) {
    if (decision.headers.length > 0) setHeaders(decision.headers, ...args);
    return 'admitted';
  }
  if (onDenied === 'delegate') return decision.error;
  return after(onDenied === 'respond' ? respond(decision, ...args) : onDenied(decision, ...args), () => 'settled');
}

/** Frameworks read `undefined`, `null` and some strings as "go on": whatever was thrown reaches them as an Error. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('a refused request could not be answered', { cause: thrown });
}
