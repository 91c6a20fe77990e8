/** One validation, ready to be made: returns, or promises, what `admits` can read. */
export type Attempt = () => unknown;

/**
 * Makes all attempts, so many at a time, and counts those that were admitted. A library that throws or rejects has
 * refused. What is not a promise is not awaited.
 */
export async function runInFlight(
  attempts: readonly Attempt[],
  inFlight: number,
  admits: (outcome: unknown) => boolean,
): Promise<number> {
  let next = 0;
  let admitted = 0;
  const lane = async (): Promise<void> => {
    for (let attempt = attempts[next++]; attempt !== undefined; attempt = attempts[next++]) {
      try {
        const outcome = attempt();
        if (admits(outcome instanceof Promise ? await outcome : outcome)) admitted += 1;
      } catch {
        // Refused.
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, attempts.length) }, lane));
  return admitted;
}
