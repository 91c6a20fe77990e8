import { basename } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** The observation for one cell of the fault table, through one harness. */
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

/** The sections of the table, by test file. A file without an entry is shown with its own name. */
const sections: Readonly<Record<string, string>> = {
  unreachable: 'THE KEY SERVER CANNOT BE REACHED',
  'key-faults': 'THE KEY SERVER RETURNS AN ERROR OR A WRONG ANSWER, IS LATE, OR DOES NOT ANSWER',
  'https-redirect': 'THE KEY SERVER REDIRECTS',
  discovery: 'ONE METADATA DOCUMENT HAS A FAULT, OR BOTH HAVE ONE',
  'introspection-faults': 'THE INTROSPECTION ENDPOINT RETURNS AN ERROR OR A WRONG ANSWER, IS LATE, OR DOES NOT ANSWER',
  'introspection-floods': 'MANY REQUESTS WITH OPAQUE TOKENS',
  outage: 'A LONG OUTAGE',
  'random-kids': 'FORGED TOKENS',
  rotation: 'ROTATION UNDER LOAD',
  clock: 'THE WALL CLOCK IS WRONG',
  'client-abort': 'CLIENTS DISCONNECT',
  shutdown: 'THE APPLICATION SHUTS DOWN',
  callbacks: 'A CALLBACK FAILS',
};

const legend = `The statuses of the responses, in order. After each fault: no forged token was accepted, no valid one
was 401 because something else failed, every 401 had a challenge, the process kept running.
  fresh      while the key set is fresh             due    at 80 % of that time
  past       after that time                        +1 h   an hour later
  forged     an unknown kid, and a signature by another key
  back       after the fault has ended
  known      an opaque token with a cached active answer that is still fresh
  +60 s      after that answer has expired
  one, both  which document had the fault: RFC 8414's, then OpenID's; both of them
  [names]    through these harnesses only; without names, through all
`;

/**
 * Prints the fault table that SECURITY.md summarises: one row per fault, one cell per cache state.
 */
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
    // An error outside of tests, such as an import that fails, leaves no observations.
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

/** One text where all harnesses agree, otherwise one text for each group of harnesses. */
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
