/**
 * What is there now or will be: most answers need no waiting, and a promise where none is needed costs more than many a
 * check.
 */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Whether `value` is still to come. By its `then`, as `await` does: where something has replaced the global Promise (zone.js,
 * a tracer), the promises of async functions are no instances of it, and one that is taken for an answer is a truthy one.
 */
export function isPromiseLike<T>(value: MaybePromise<T>): value is Promise<T> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

/** Goes on with `value` as soon as it is there: at once where it is. */
export function chain<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromiseLike(value) ? value.then(next) : next(value);
}

/** A promise of what `work` gives; a rejection of what it throws. */
export function toPromise<T>(work: () => MaybePromise<T>): Promise<T> {
  try {
    const value = work();
    return isPromiseLike(value) ? value : Promise.resolve(value);
  } catch (failure) {
    return Promise.reject(failure);
  }
}
