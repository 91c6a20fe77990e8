import { askOnce, Child } from '../measure/child.js';
import { turned } from '../measure/rounds.js';
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

const method = `From the call that starts an issuer on loopback until the first access token is there, in milliseconds of wall time: a JWT by
the algorithm, under a key that the issuer made in this time, as jose then confirms by the issuer's JWKS. Minted: in the process of the issuer, where it
offers that. Over HTTP: by one request for client_credentials, as a client with a secret, by node:http and on a new connection. Load is the
import of the package, and counts for nobody's first token. First token: every reading in a fresh process. The next issuer: another one in a
process where that was done before. Every figure is the median over the rounds ± half the distance of the quartiles; in each round every issuer has
its turn, in another order. Most of the time with RS256 is the search for two primes, which takes longer one time than another.`;

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
  // What they print of themselves at the start would hide the report.
  const seasoned = new Map(series.map((one) => [one, new Child(stopwatch, { isMute: true })]));
  try {
    for (let round = 0; round <= rounds; round++) {
      progress(`first token: round ${round} of ${rounds}`);
      for (const one of turned(series, round)) {
        const { subject, alg, way } = one;
        const order: Order = { subject, alg, way };
        const again = await seasoned.get(one)?.ask<Reading>(order);
        // The first round makes files known to the system and code known to the processes.
        if (round === 0 || again === undefined) continue;
        one.again.push(again);
        one.fresh.push(await askOnce<Reading>(stopwatch, order, { isMute: true }));
      }
    }
  } finally {
    await Promise.all(Array.from(seasoned.values(), (child) => child.end()));
  }
}
