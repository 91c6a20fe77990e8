// Tests the properties of test/properties with fresh seeds for some time: pnpm fuzz --minutes 5.
// Exits 1 on a counterexample.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const firstRuns = 2000;
const mostRuns = 50_000;

const root = resolve(import.meta.dirname, '..');
const milliseconds = parseMinutes() * 60_000;
const scratch = mkdtempSync(join(tmpdir(), 'fuzz-'));
const started = performance.now();
let total = 0;
let failed = false;

try {
  for (let runs = firstRuns, left = milliseconds; runs >= 1 && !failed; ) {
    const round = await tryProperties(runs);
    total += round.tried;
    failed = round.failed;
    left = milliseconds - (performance.now() - started);
    const report = `${round.tried} samples in ${seconds(round.took)}, ${total} in all`;
    console.log(`\nseed ${round.seed}: ${failed ? 'FAILED' : 'no counterexample'}, ${report}`);
    if (failed) console.log(`To repeat: FUZZ_SEED=${round.seed} FUZZ_RUNS=${runs} npx vitest run test/properties`);
    // The next round has twice as many runs, or as many as fit into the remaining time. A round
    // that could make less than a quarter of the last one's runs is not started.
    const fitting = Math.floor((runs * left) / round.took);
    runs = fitting < runs / 4 ? 0 : Math.min(runs * 2, fitting, mostRuns);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(
  `\n${total} samples in ${seconds(performance.now() - started)}: ${failed ? 'a counterexample' : 'all properties hold'}`,
);
process.exitCode = failed ? 1 : 0;

function parseMinutes() {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } });
  const minutes = Number(values.minutes);
  if (minutes > 0 && Number.isFinite(minutes)) return minutes;
  console.error('pnpm fuzz --minutes N: N must be a positive number');
  process.exit(2);
}

/** One round: every property with one fresh seed. */
async function tryProperties(runs) {
  const seed = randomInt(2 ** 31);
  const output = join(scratch, `${seed}.json`);
  const before = performance.now();
  console.log(`\nseed ${seed}, ${runs} runs per property`);
  const status = await runVitest(['--reporter=dot', '--reporter=json', `--outputFile.json=${output}`], {
    FUZZ_SEED: String(seed),
    FUZZ_RUNS: String(runs),
  });
  const tried = triedIn(output);
  // A round without a single sample counts as failed: it has tested nothing.
  return { seed, tried, failed: status !== 0 || tried === 0, took: performance.now() - before };
}

function runVitest(options, environment) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', 'test/properties', '--typecheck.enabled=false', ...options];
  return new Promise((resolveStatus, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    child.on('error', reject);
    child.on('close', (code) => resolveStatus(code ?? 1));
  });
}

/** Each property reports its number of runs; see test/properties/support/properties.ts. */
function triedIn(output) {
  try {
    const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    return tests.reduce((sum, { meta }) => sum + (meta?.runs ?? 0), 0);
  } catch {
    return 0;
  }
}

function seconds(elapsed) {
  return `${Math.round(elapsed / 1000)} s`;
}
