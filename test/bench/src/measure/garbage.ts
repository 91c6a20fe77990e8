type Collect = (options?: { readonly type: 'minor' }) => void;

function collector(): Collect {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('start Node.js with --expose-gc');
  return gc as Collect;
}

/** Empties the young generation: nobody's measurement begins with the garbage of the one before. */
export function collectYoung(): void {
  collector()({ type: 'minor' });
}

/** Collects whatever can be collected. */
export function collectOnce(): void {
  collector()();
}

/** The same until what finalizers let go is gone too. */
export async function collectAll(): Promise<void> {
  for (let time = 0; time < 3; time++) {
    collector()();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Bytes in use. */
export interface Memory {
  /** JavaScript objects. */
  readonly heap: number;
  /** What JavaScript objects hold outside of the heap, where V8 knows of it. */
  readonly external: number;
  /** Of the whole process, as the operating system sees it. */
  readonly resident: number;
}

export function readMemory(): Memory {
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, external, resident: rss };
}
