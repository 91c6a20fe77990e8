// Compares our verdict on signatures with jose's, over tokens of every algorithm that are good, mutated and malformed:
// pnpm differential --tokens 100000. The same tokens in every run but for the keys. Exits 1 where a verdict differs.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { tokens: { type: 'string', default: '100000' } } });
if (!/^[1-9]\d{0,7}$/.test(values.tokens)) {
  console.error('--tokens: a whole number from 1 to 99999999');
  process.exit(2);
}
const root = resolve(import.meta.dirname, '..');
const vitest = resolve(root, 'node_modules/.bin/vitest');
const args = ['run', 'packages/core/test/jws/differential.test.ts', '--typecheck.enabled=false', '--reporter=verbose'];
const env = { ...process.env, DIFFERENTIAL_TOKENS: values.tokens };
const { status } = spawnSync(vitest, args, { cwd: root, env, stdio: 'inherit' });
process.exitCode = status ?? 1;
