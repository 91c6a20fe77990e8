import type { Denied, Granted, Header } from '../model/decision.js';
import { chain, isPromiseLike, type MaybePromise } from '../model/maybe-promise.js';
import type { Verdict } from './authenticator.js';

/**
 * How a framework sends responses. Each function gets the arguments of the framework's handlers.
 */
export interface ResponseMethods<Arguments extends readonly unknown[]> {
  /** Whether the response has ended: it was sent, or the client has closed the connection. */
  readonly isOver: (...args: Arguments) => boolean;
  /** Sets the headers of an accepted request. */
  readonly setHeaders: (headers: readonly Header[], ...args: Arguments) => void;
  /** Sends the response to a refused request. */
  readonly respond: (denial: Denied, ...args: Arguments) => unknown;
}

/**
 * `'admitted'`: the request may go on to the handler. `'settled'`: the response was sent, or has
 * ended. An `Error`: for the framework's error handling.
 */
export type Outcome = 'admitted' | 'settled' | Error;

/**
 * Applies a verdict to the response, independently of the framework. It never throws or rejects.
 * The handler may run only after `'admitted'`.
 *
 * @param check checks the request, or evaluates a policy
 * @returns at once where neither the verdict nor `onDenied` is a promise
 */
export function applyVerdict<Arguments extends readonly unknown[]>(
  check: () => MaybePromise<Verdict<Arguments>>,
  methods: ResponseMethods<Arguments>,
  ...args: Arguments
): MaybePromise<Outcome> {
  try {
    const verdict = check();
    // A synchronous verdict leaves no time in which the client could close the connection, so that
    // `isOver` is not called.
    if (!isPromiseLike(verdict) && verdict.decision.granted) return accept(verdict.decision, methods, args);
    const outcome = chain(verdict, (one) => finish(one, methods, args));
    return isPromiseLike(outcome) ? outcome.then(undefined, asError) : outcome;
  } catch (thrown) {
    return asError(thrown);
  }
}

function finish<Arguments extends readonly unknown[]>(
  { decision, onDenied }: Verdict<Arguments>,
  methods: ResponseMethods<Arguments>,
  args: Arguments,
): MaybePromise<Outcome> {
  if (methods.isOver(...args)) return 'settled';
  if (decision.granted) return accept(decision, methods, args);
  if (onDenied === 'delegate') return decision.error;
  const { respond } = methods;
  const answered = onDenied === 'respond' ? respond(decision, ...args) : onDenied(decision, ...args);
  // `Promise.resolve`, because an application may return a thenable that is not a promise: the
  // `then` of Fastify's reply returns no promise.
  return isPromiseLike(answered) ? Promise.resolve(answered).then(() => 'settled') : 'settled';
}

function accept<Arguments extends readonly unknown[]>(
  { headers }: Granted<unknown>,
  { setHeaders }: ResponseMethods<Arguments>,
  args: Arguments,
): Outcome {
  if (headers.length > 0) setHeaders(headers, ...args);
  return 'admitted';
}

/**
 * Frameworks interpret `undefined`, `null` and some strings as "continue with the handler". Every
 * thrown value therefore reaches them as an Error.
 */
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error('the request could not be answered: a value that is not an Error was thrown', { cause: thrown });
}
