// Compares our signature verification with that of jose, over valid, mutated and malformed tokens
// of every algorithm: pnpm differential --tokens 100000. Apart from the keys, every run checks the
// same tokens. Exits 1 when a result differs.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { tokens: { type: 'string', default: '100000' } } });
if (!/^[1-9]\d{0,7}$/.test(values.tokens)) {
  console.error('--tokens: expected a whole number from 1 to 99999999');
  process.exit(2);
}
const root = resolve(import.meta.dirname, '..');
const vitest = resolve(root, 'node_modules/.bin/vitest');
const args = ['run', 'packages/core/test/jws/differential.test.ts', '--typecheck.enabled=false', '--reporter=verbose'];
const env = { ...process.env, DIFFERENTIAL_TOKENS: values.tokens };
const { status } = spawnSync(vitest, args, { cwd: root, env, stdio: 'inherit' });
process.exitCode = status ?? 1;
