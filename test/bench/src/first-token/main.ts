import { Child, sendOnce } from '../measure/child.js';
import { rotated } from '../measure/rounds.js';
import { describeMachine, showMachine } from '../report/machine.js';
import { type Call, runProgram } from '../report/program.js';
import { progress, type Results } from '../report/results.js';
import { showSubjects } from '../report/subjects.js';
import { issuers } from '../subjects/issuers/index.js';
import { onlyFilter } from '../subjects/only.js';
import type { Algorithm } from '../subjects/world.js';
import { type Series, showRows, summarizeSeries } from './report.js';
import type { Order, Reading } from './stopwatch.js';

const stopwatch = new URL('./stopwatch.js', import.meta.url);
const algorithms: readonly Algorithm[] = ['ES256', 'RS256'];
const full = { rounds: 41 };
const brief = { rounds: 2 };

const method = `Wall time in milliseconds, from the call that starts an issuer on loopback until the
first access token is available. The token is a JWT with the given algorithm, under a key that the
issuer has created within this time; jose verifies it with the issuer's JWKS. Minted: created in the
process of the issuer, where the issuer has such a function. Over HTTP: one client_credentials
request of a client with a secret, by node:http on a new connection. Load is the import of the
package, and is not part of the first token. First token: each reading is taken in a new process.
The next issuer: another issuer in a process that has started one before. Each figure is the median
over the rounds ± half the interquartile range; each round measures every issuer, in a rotated
order. With RS256 most of the time is the search for two primes, whose duration varies.`;

await runProgram(measure);

async function measure(call: Call): Promise<Results> {
  const effort = call.brief ? brief : full;
  const isWanted = onlyFilter(
    call.only,
    issuers.map(({ name }) => name),
  );
  const wanted = issuers.filter(({ name }) => isWanted(name));
  const series = algorithms.flatMap((alg) =>
    wanted
      .filter(({ name }) => isWanted(name, alg))
      .flatMap(({ name, ways }) => ways.map((way): Series => ({ alg, subject: name, way, fresh: [], again: [] }))),
  );
  await measureAll(series, effort.rounds);
  const rows = summarizeSeries(series);
  const machine = describeMachine(wanted);
  const markdown = [
    '# From nothing to the first token',
    showMachine(machine),
    `${method} ${effort.rounds} rounds.`,
    showRows(rows),
    `## Subjects\n\n${showSubjects(wanted, 'ES256')}`,
  ].join('\n\n');
  return { name: 'first-token', markdown, data: { machine, effort, rows } };
}

async function measureAll(series: readonly Series[], rounds: number): Promise<void> {
  // The startup messages of the issuers would hide the report.
  const warmChildren = new Map(series.map((one) => [one, new Child(stopwatch, { isMute: true })]));
  try {
    for (let round = 0; round <= rounds; round++) {
      progress(`first token: round ${round} of ${rounds}`);
      for (const one of rotated(series, round)) {
        const { subject, alg, way } = one;
        const order: Order = { subject, alg, way };
        const again = await warmChildren.get(one)?.send<Reading>(order);
        // Round 0 fills the file system cache and compiles the code in the warm processes.
        if (round === 0 || again === undefined) continue;
        one.again.push(again);
        one.fresh.push(await sendOnce<Reading>(stopwatch, order, { isMute: true }));
      }
    }
  } finally {
    await Promise.all(Array.from(warmChildren.values(), (child) => child.end()));
  }
}
