import type { MockIssuer } from '@resource-server/mock-issuer';
import { rotated } from '../measure/rounds.js';
import { describeMachine, showMachine } from '../report/machine.js';
import { type Call, runProgram } from '../report/program.js';
import { progress, type Results } from '../report/results.js';
import { showSubjects } from '../report/subjects.js';
import type { App } from '../subjects/apps/app.js';
import { apps } from '../subjects/apps/index.js';
import { onlyFilter } from '../subjects/only.js';
import { makeTokens } from '../subjects/tokens.js';
import { type Algorithm, anyWorld, openWorld, type World } from '../subjects/world.js';
import { AppUnderLoad, assertAnswers, LoadGenerator, type Reading } from './arena.js';
import { type Series, showRows, summarizeSeries } from './report.js';

interface Effort {
  readonly requests: number;
  /**
   * Requests before the measured rounds, so that the code is compiled as in a long-running server.
   */
  readonly warmUp: number;
  readonly rounds: number;
  readonly algorithms: readonly Algorithm[];
}

const full: Effort = { requests: 2000, warmUp: 10_000, rounds: 11, algorithms: ['RS256', 'ES256'] };
const brief: Effort = { requests: 100, warmUp: 100, rounds: 2, algorithms: ['RS256'] };
const connections = 64;

const method = `The server is a process that may only use CPU 0, the client one that may only use
CPU 1 (taskset). There are ${connections} keep-alive connections; each sends its next request when
the response has arrived. CPU is the growth of process.cpuUsage of the server between two readings,
divided by the requests; it includes the event loop, the thread pool and the garbage collector. Each
figure is the median over the rounds ± half the interquartile range; each round measures every API,
in a rotated order. Above bare is the difference to the bare framework in the same round. Requests
per second is what one CPU of the server answers while the client is fast enough; latencies are
those of a saturated server. Warm: 200 tokens in rotation. Unique: every token is new.`;

await runProgram(measure);

async function measure(call: Call): Promise<Results> {
  const effort = call.brief ? brief : full;
  const isWanted = onlyFilter(
    call.only,
    apps.map(({ name }) => name),
  );
  const series: Series[] = [];
  for (const alg of effort.algorithms) {
    const chosen = apps.filter((app) => app.algorithms.includes(alg) && isWanted(app.name, alg));
    if (chosen.length > 0) series.push(...(await measureAlgorithm(alg, chosen, effort)));
  }
  const rows = summarizeSeries(series);
  const chosen = apps.filter(({ name }) => isWanted(name));
  const machine = describeMachine(chosen);
  const markdown = [
    '# One request, over HTTP',
    showMachine(machine),
    `${method}\n${effort.rounds} rounds of ${effort.requests} requests, after ${effort.warmUp} for warm-up; fewer, but at least 200, where these would take more than 1.5 s of CPU.`,
    showRows(rows),
    `## Subjects\n\n${showSubjects(chosen, anyWorld)}`,
  ].join('\n\n');
  return { name: 'http', markdown, data: { machine, effort, connections, rows } };
}

async function measureAlgorithm(alg: Algorithm, chosen: readonly App[], effort: Effort): Promise<Series[]> {
  const { world, issuer } = await openWorld(alg);
  const generator = new LoadGenerator();
  const targets: AppUnderLoad[] = [];
  try {
    for (const app of chosen) targets.push(await openTarget(app, world, issuer, generator));
    const same = await makeTokens(issuer, alg, 'good', 200);
    const warm = await measureTokens(generator, targets, effort, `${alg}, warm`, () => same);
    const unique = await measureTokens(generator, targets, effort, `${alg}, unique`, (count) =>
      makeTokens(issuer, alg, 'good', count),
    );
    return targets.flatMap((target) => [
      { alg, tokens: 'warm', app: target.app, readings: warm.get(target) ?? [] },
      { alg, tokens: 'unique', app: target.app, readings: unique.get(target) ?? [] },
    ]);
  } finally {
    await Promise.all([...targets.map((one) => one.end()), generator.end(), issuer.close()]);
  }
}

async function openTarget(app: App, world: World, issuer: MockIssuer, generator: LoadGenerator): Promise<AppUnderLoad> {
  const target = await AppUnderLoad.start(app, world);
  await assertAnswers(generator, target, world, issuer);
  return target;
}

/**
 * Fewer requests for an API that takes milliseconds each, so that one measurement takes 1 to 2 s at
 * most.
 */
function requestsFor({ app }: AppUnderLoad, known: readonly Reading[], requests: number): number {
  const cpu = known.at(-1)?.cpu ?? (app.packages.includes('get-jwks') ? 5000 : 0);
  return Math.max(Math.min(requests, 200), Math.min(requests, Math.floor(1_500_000 / cpu)));
}

async function measureTokens(
  generator: LoadGenerator,
  targets: readonly AppUnderLoad[],
  { rounds, requests, warmUp }: Effort,
  what: string,
  tokensOfRound: (count: number) => readonly string[] | Promise<readonly string[]>,
): Promise<ReadonlyMap<AppUnderLoad, Reading[]>> {
  const readings = new Map<AppUnderLoad, Reading[]>(targets.map((target) => [target, []]));
  for (let round = 0; round <= rounds; round++) {
    progress(`${what}: round ${round} of ${rounds}`);
    const count = round === 0 ? warmUp : requests;
    const tokens = await tokensOfRound(count);
    for (const target of rotated(targets, round)) {
      const known = readings.get(target) ?? [];
      const reading = await generator.measure(target, tokens, requestsFor(target, known, count), connections);
      // Round 1 drops the reading of the warm-up, which was kept only to choose the number of
      // requests.
      if (round === 1) known.length = 0;
      known.push(reading);
    }
  }
  return readings;
}
