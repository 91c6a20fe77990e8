import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import fc from 'fast-check';
import { it } from 'vitest';

/*
 * FUZZ_RUNS  how many samples each law is tried with; 1000 when nothing is said
 * FUZZ_SEED  the seed of all of them; another one in every run when nothing is said
 */
const runs = Number(process.env['FUZZ_RUNS'] ?? 1000);
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));

const timeoutMilliseconds = 60_000;

declare module 'vitest' {
  interface TaskMeta {
    /** How many samples a law was tried with; `scripts/fuzz.mjs` adds them up. */
    runs?: number;
  }
}

/** What one law is told beyond its samples. */
interface LawSettings<T> {
  /** Part of the runs that this law gets, where each is dear. Default 1. */
  readonly share?: number;
  /** Samples that are always among those tried. */
  readonly examples?: readonly T[];
  /** Asked at the end, with how many samples were tried: were the samples any good? */
  readonly afterwards?: (tried: number) => void;
}

/** A test that must hold for every sample. Its name is the law. */
export type Law = <T>(
  name: string,
  samples: fc.Arbitrary<T>,
  holds: (sample: T) => void | Promise<void>,
  settings?: LawSettings<T>,
) => void;

/** The laws of one file; says at once how to try them with the same samples again. */
export function lawsOf(file: string): Law {
  process.stdout.write(`${basename(file)}: FUZZ_SEED=${seed} FUZZ_RUNS=${runs}\n`);
  return (name, samples, holds, { share = 1, examples = [], afterwards } = {}) => {
    const numRuns = Math.max(1, Math.ceil(runs * share)) + examples.length;
    it(name, { timeout: Math.max(timeoutMilliseconds, numRuns * 60) }, async ({ task }) => {
      const chosen = examples.map((example): [typeof example] => [example]);
      await fc.assert(
        fc.asyncProperty(samples, async (sample) => holds(sample)),
        { seed, numRuns, examples: chosen },
      );
      task.meta.runs = numRuns;
      afterwards?.(numRuns);
    });
  };
}
