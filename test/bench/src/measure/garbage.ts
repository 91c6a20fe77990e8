type Collect = (options?: { readonly type: 'minor' }) => void;

function collector(): Collect {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('start Node.js with --expose-gc');
  return gc as Collect;
}

/**
 * Collects the young generation, so that a measurement does not pay for the garbage of an earlier
 * one.
 */
export function collectYoung(): void {
  collector()({ type: 'minor' });
}

/** Runs one full garbage collection. */
export function collectOnce(): void {
  collector()();
}

/** Collects repeatedly, until memory that finalizers release is freed too. */
export async function collectAll(): Promise<void> {
  for (let time = 0; time < 3; time++) {
    collector()();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Memory in use, in bytes. */
export interface Memory {
  /** JavaScript objects. */
  readonly heap: number;
  /** Memory outside of the heap that belongs to JavaScript objects, as far as V8 counts it. */
  readonly external: number;
  /** Resident memory of the whole process, as the operating system counts it. */
  readonly resident: number;
}

export function readMemory(): Memory {
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, external, resident: rss };
}
