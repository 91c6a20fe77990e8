/** One prepared validation: returns a value for `accepts`, or a promise of one. */
export type Attempt = () => unknown;

/**
 * Runs all attempts with a limit of concurrency, and counts the accepted ones. A library that
 * throws or rejects has refused the token. A value that is not a promise is not awaited.
 */
export async function runInFlight(
  attempts: readonly Attempt[],
  inFlight: number,
  accepts: (outcome: unknown) => boolean,
): Promise<number> {
  let next = 0;
  let accepted = 0;
  const lane = async (): Promise<void> => {
    for (let attempt = attempts[next++]; attempt !== undefined; attempt = attempts[next++]) {
      try {
        const outcome = attempt();
        if (accepts(outcome instanceof Promise ? await outcome : outcome)) accepted += 1;
      } catch {
        // Refused.
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, attempts.length) }, lane));
  return accepted;
}
