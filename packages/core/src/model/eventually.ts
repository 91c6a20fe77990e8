/**
 * What is there now or will be: most answers need no waiting, and a promise where none is needed costs more than many a
 * check.
 */
export type Eventually<T> = T | Promise<T>;

/** Goes on with `value` as soon as it is there: at once where it is. */
export function after<T, U>(value: Eventually<T>, next: (value: T) => Eventually<U>): Eventually<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
