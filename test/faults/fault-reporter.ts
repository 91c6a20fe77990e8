import { basename } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

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

/** The parts of the table: what the faults of a file are about. A file that is not here has its name. */
const sections: Readonly<Record<string, string>> = {
  unreachable: 'THE KEY SERVER CANNOT BE REACHED',
  'key-faults': 'THE KEY SERVER ANSWERS WRONGLY, LATE OR NOT',
  'https-redirect': 'THE KEY SERVER SENDS US ELSEWHERE',
  discovery: 'ONE METADATA DOCUMENT HAS A FAULT, OR BOTH HAVE',
  'introspection-faults': 'THE INTROSPECTION ENDPOINT ANSWERS WRONGLY, LATE OR NOT',
  'introspection-floods': 'MANY ASK ABOUT OPAQUE TOKENS',
  outage: 'A LONG OUTAGE',
  'random-kids': 'FORGED TOKENS',
  rotation: 'ROTATION UNDER LOAD',
  clock: 'THE WALL CLOCK IS WRONG',
  'client-abort': 'CLIENTS GO AWAY',
  shutdown: 'WE GO AWAY',
  callbacks: 'A CALLBACK FAILS',
};

const legend = `What was answered, in order. After each fault: no forged token was let in, no good one was 401 because
something else failed, every 401 had a challenge, the process lives.
  fresh      within the time of the key set         due    at 80 % of it
  past       when it is over                        +1 h   an hour later still
  forged     a kid that nobody has, and a signature by another key
  back       all is well again
  known      an opaque token that was called active before, within the time of that answer
  +60 s      when that is over
  one, both  which document had the fault: RFC 8414's, OpenID's; both of them
  [names]    through these only; without names, through all alike
`;

/** Prints the fault table of SECURITY.md: a row a fault, in each cell what was answered, through every harness. */
export default class FaultReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const observations = tests.flatMap((test) => test.meta().fault ?? []);
    const harnesses = [...new Set(observations.map(({ harness }) => harness))];
    const failed = tests.filter((test) => test.result().state === 'failed');
    const names = new Set(observations.map(({ fault }) => fault));
    const lines = [
      legend,
      ...inOrder(modules).flatMap((module) => describeModule(module, harnesses)),
      ...failed.map(describeFailure),
      `${names.size} faults, ${observations.length} observations through ${harnesses.join(', ')}; ${failed.length} failed`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    // An error that belongs to no test, such as an import that fails, leaves no observations.
    if (failed.length > 0 || observations.length === 0) process.exitCode = 1;
  }
}

function inOrder(modules: readonly TestModule[]): readonly TestModule[] {
  const order = Object.keys(sections);
  return modules.toSorted((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b)));
}

function nameOf({ moduleId }: TestModule): string {
  return basename(moduleId, '.test.ts');
}

function describeModule(module: TestModule, harnesses: readonly string[]): readonly string[] {
  const observations = [...module.children.allTests()].flatMap((test) => test.meta().fault ?? []);
  if (observations.length === 0) return [];
  const title = sections[nameOf(module)] ?? nameOf(module);
  const rows = [[title, 'with something cached', 'with nothing cached']];
  for (const fault of new Set(observations.map((one) => one.fault))) {
    const cell = (column: string) =>
      describeCell(
        observations.filter((one) => one.fault === fault && one.column === column),
        harnesses,
      );
    rows.push([fault, cell('cached'), cell('cold')]);
  }
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + 2);
  return [...rows.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('')), ''];
}

/** One text where all harnesses agree, else each one's own. */
function describeCell(observations: readonly FaultObservation[], harnesses: readonly string[]): string {
  const texts = [...new Set(observations.map(({ seen }) => seen))];
  const described = texts.map((text) => {
    const through = [...new Set(observations.filter(({ seen }) => seen === text).map(({ harness }) => harness))];
    return through.length === harnesses.length ? text : `${text} [${through.join(', ')}]`;
  });
  return described.join(' / ') || '-';
}

function describeFailure(test: TestCase): string {
  const { fault } = test.meta();
  return `FAILED ${test.fullName}${fault === undefined ? '' : `: ${fault.seen}`}`;
}
