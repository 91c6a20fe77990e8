/**
 * Waits for `answer` at most `milliseconds`. The work behind `answer` continues after the timeout,
 * so that a later request may find its result.
 *
 * @param otherwise returns the result after the timeout
 */
export async function withTimeout<T, U>(milliseconds: number, answer: Promise<T>, otherwise: () => U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<U>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), milliseconds);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
