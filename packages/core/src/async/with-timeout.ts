/**
 * Waits for `answer` no longer than `milliseconds`. What it waited for goes on: the next request
 * may find it done.
 *
 * @param otherwise what to answer when the time is up
 */
export async function withTimeout<T, U>(milliseconds: number, answer: Promise<T>, otherwise: () => U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<U>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), milliseconds);
  });
  try {
    return await Promise.race([answer, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
