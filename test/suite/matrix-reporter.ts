import type { Reporter, TestModule } from 'vitest/node';

/** The response to a case of the suite in one harness. */
export interface Observation {
  readonly status: number;
  /** The parts of the response that must be the same in every harness. */
  readonly answer: string;
}

declare module 'vitest' {
  interface TaskMeta {
    observation?: Observation;
  }
}

const caseWidth = 100;
const columnWidth = 18;

/**
 * Prints the suite as a table: one row per case and token format, one column per harness, and in
 * each cell the status of the response.
 */
export default class MatrixReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = readRows(modules);
    const harnesses = [...new Set([...rows.values()].flatMap((cells) => [...cells.keys()]))];
    const head = harnesses.map((name) =>
      name
        .replace(' over ', ' ')
        .slice(0, columnWidth - 1)
        .padEnd(columnWidth),
    );
    const lines = [`${''.padEnd(caseWidth)}${head.join('')}`];
    let differing = 0;
    for (const [name, cells] of rows) {
      const isSame = new Set([...cells.values()].map(({ answer }) => answer)).size === 1;
      if (!isSame) differing += 1;
      const statuses = harnesses.map((harness) => String(cells.get(harness)?.status ?? '-').padEnd(columnWidth));
      lines.push(
        `${withoutRequirements(name)
          .slice(0, caseWidth - 2)
          .padEnd(caseWidth)}${statuses.join('')}${isSame ? '' : 'DIFFERENT'}`,
      );
    }
    const cells = [...rows.values()].reduce((sum, row) => sum + row.size, 0);
    lines.push(
      `\n${rows.size} cases in ${harnesses.length} harnesses: ${cells} responses, ${differing} cases differ (- where a harness cannot send the request)`,
    );
    process.stdout.write(`${lines.join('\n')}\n`);
    if (differing > 0 || cells === 0) process.exitCode = 1;
  }
}

/** The name of a case without the ids of requirements behind it. */
function withoutRequirements(name: string): string {
  return name.replace(/ \[[^\]]+\]/g, '');
}

function readRows(modules: readonly TestModule[]): ReadonlyMap<string, ReadonlyMap<string, Observation>> {
  const rows = new Map<string, Map<string, Observation>>();
  for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
    const { observation } = test.meta();
    const harness = test.parent;
    if (observation === undefined || harness.type !== 'suite' || harness.parent.type !== 'suite') continue;
    const row = `${harness.parent.name}: ${test.name}`;
    const cells = rows.get(row) ?? new Map<string, Observation>();
    rows.set(row, cells.set(harness.name, observation));
  }
  return rows;
}
