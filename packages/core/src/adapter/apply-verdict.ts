import type { Denied, Granted, Header } from '../model/decision.js';
import { chain, isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { Verdict } from './authenticator.js';

/** What settling a verdict needs of a framework. Each gets what the framework hands to a handler. */
export interface ResponseMethods<Arguments extends readonly unknown[]> {
  /** Whether nobody waits for the response any more. */
  readonly isOver: (...args: Arguments) => boolean;
  /** Sets the headers of a grant. */
  readonly setHeaders: (headers: readonly Header[], ...args: Arguments) => void;
  /** Sends the answer to a refused request. */
  readonly respond: (denial: Denied, ...args: Arguments) => unknown;
}

/** `'admitted'` when the request may go on; `'settled'` when it has its answer, or nobody waits for one; an `Error` for the framework's error handling. */
export type Outcome = 'admitted' | 'settled' | Error;

/**
 * Carries a verdict as far as no framework matters: at once where the verdict is there and nobody has to be waited for. Only what is admitted
 * may reach a handler. Neither throws nor rejects.
 */
export function applyVerdict<Arguments extends readonly unknown[]>(
  judge: () => MaybePromise<Verdict<Arguments>>,
  settlement: ResponseMethods<Arguments>,
  ...args: Arguments
): MaybePromise<Outcome> {
  try {
    const verdict = judge();
    // What is granted at once is granted to who was there a moment ago.
    if (!isPromiseLike(verdict) && verdict.decision.granted) return admit(verdict.decision, settlement, args);
    const outcome = chain(verdict, (one) => carryOut(one, settlement, args));
    return isPromiseLike(outcome) ? outcome.then(undefined, asError) : outcome;
  } catch (thrown) {
    return asError(thrown);
  }
}

function carryOut<Arguments extends readonly unknown[]>(
  { decision, onDenied }: Verdict<Arguments>,
  settlement: ResponseMethods<Arguments>,
  args: Arguments,
): MaybePromise<Outcome> {
  if (settlement.isOver(...args)) return 'settled';
  if (decision.granted) return admit(decision, settlement, args);
  if (onDenied === 'delegate') return decision.error;
  const { respond } = settlement;
  const answered = onDenied === 'respond' ? respond(decision, ...args) : onDenied(decision, ...args);
  // By a promise of ours: what the application waits for need not be one, and Fastify's reply gives none for its `then`.
  return isPromiseLike(answered) ? Promise.resolve(answered).then(() => 'settled') : 'settled';
}

function admit<Arguments extends readonly unknown[]>(
  { headers }: Granted<unknown>,
  { setHeaders }: ResponseMethods<Arguments>,
  args: Arguments,
): Outcome {
  if (headers.length > 0) setHeaders(headers, ...args);
  return 'admitted';
}

/** Frameworks read `undefined`, `null` and some strings as "go on": whatever was thrown reaches them as an Error. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('a refused request could not be answered', { cause: thrown });
}
