import type { Reporter, TestModule } from 'vitest/node';

/** What was seen in one cell of the fault table, through one harness. */
export interface FaultObservation {
  readonly fault: string;
  readonly column: 'cached' | 'cold';
  readonly harness: string;
  readonly seen: string;
}

declare module 'vitest' {
  interface TaskMeta {
    fault?: FaultObservation;
  }
}

const nameWidth = 44;
const cellWidth = 76;

/** Prints the fault table of SECURITY.md: a row a fault, in each cell what was answered, through every harness. */
export default class FaultReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const observations = tests.flatMap((test) => test.meta().fault ?? []);
    const failed = tests.filter((test) => test.result().state === 'failed');
    const names = [...new Set(observations.map(({ fault }) => fault))];
    const lines = [row('', 'with something cached', 'with nothing cached')];
    for (const name of names) {
      const cell = (column: string) =>
        describeCell(observations.filter((one) => one.fault === name && one.column === column));
      lines.push(row(name, cell('cached'), cell('cold')));
    }
    for (const { fullName, meta } of failed.map((test) => ({ fullName: test.fullName, meta: test.meta() }))) {
      lines.push(`FAILED ${fullName}${meta.fault === undefined ? '' : `: ${meta.fault.seen}`}`);
    }
    const harnesses = new Set(observations.map(({ harness }) => harness));
    lines.push(
      `\n${names.length} faults, ${observations.length} observations through ${[...harnesses].join(', ')}; ${failed.length} failed`,
    );
    process.stdout.write(`${lines.join('\n')}\n`);
    // An error that belongs to no test, such as an import that fails, leaves no observations.
    if (failed.length > 0 || observations.length === 0) process.exitCode = 1;
  }
}

function row(name: string, cached: string, cold: string): string {
  return `${name.padEnd(nameWidth)}${cached.padEnd(cellWidth)}${cold}`;
}

/** One text where all harnesses agree, else each one's own. */
function describeCell(observations: readonly FaultObservation[]): string {
  const texts = new Set(observations.map(({ seen }) => seen));
  if (texts.size === 0) return '-';
  if (texts.size === 1) return [...texts].join();
  return observations.map(({ harness, seen }) => `${harness}: ${seen}`).join(' / ');
}
