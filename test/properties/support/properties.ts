import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import fc from 'fast-check';
import { it } from 'vitest';

/*
 * FUZZ_RUNS  the number of samples for each property; 1000 by default
 * FUZZ_SEED  the seed of all samples; random in every run by default
 */
const runs = Number(process.env['FUZZ_RUNS'] ?? 1000);
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));

const timeoutMilliseconds = 60_000;

declare module 'vitest' {
  interface TaskMeta {
    /** The number of samples that a property was tested with; `scripts/fuzz.mjs` adds them up. */
    runs?: number;
  }
}

/** Settings of one property. */
interface PropertySettings<T> {
  /** The fraction of the runs, for a property whose samples are slow. @default 1 */
  readonly share?: number;
  /** Samples that are always tested. */
  readonly examples?: readonly T[];
  /**
   * Called at the end with the number of tested samples, to check that the samples were varied
   * enough.
   */
  readonly afterwards?: (tried: number) => void;
}

/** A test that must hold for every sample. Its name states the property. */
export type Property = <T>(
  name: string,
  samples: fc.Arbitrary<T>,
  holds: (sample: T) => void | Promise<void>,
  settings?: PropertySettings<T>,
) => void;

/** The properties of one file. Prints the seed, so that the same samples can be tested again. */
export function propertiesOf(file: string): Property {
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
