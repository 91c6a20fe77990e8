/**
 * A value, or a promise of it. Most results are available without waiting. A promise on that path
 * would cost more than many of the checks.
 */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Whether `value` is a promise: whether it has a `then` method, which is also the rule of `await`.
 * Where zone.js or a tracer has replaced the global Promise, `instanceof` does not recognize the
 * promises of async functions. An unrecognized promise would be used as a truthy result.
 */
export function isPromiseLike<T>(value: MaybePromise<T>): value is Promise<T> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

/** Calls `next` with `value`: at once, or when the promise is resolved. */
export function chain<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromiseLike(value) ? value.then(next) : next(value);
}

/** Runs `work` and returns a promise of its result. An exception becomes a rejection. */
export function toPromise<T>(work: () => MaybePromise<T>): Promise<T> {
  try {
    const value = work();
    return isPromiseLike(value) ? value : Promise.resolve(value);
  } catch (failure) {
    return Promise.reject(failure);
  }
}
