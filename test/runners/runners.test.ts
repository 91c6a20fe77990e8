import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../architecture/source-file.js';

const project = join(root, 'test/runners/project');
const require = createRequire(import.meta.url);
const jest = require.resolve('jest/bin/jest');
const vitest = join(require.resolve('vitest/package.json'), '../vitest.mjs');

const runners = [
  { name: 'node:test', argv: ['--test', '--test-reporter=tap', 'node-test.mjs'], pass: /# pass 4\n/ },
  { name: 'Vitest', argv: [vitest, 'run'], pass: /Tests {2}4 passed \(4\)/ },
  {
    name: 'Jest with native ES modules',
    argv: ['--experimental-vm-modules', jest, '--config=jest.native.config.mjs', '--ci'],
    pass: /Tests: {7}4 passed, 4 total/,
  },
  {
    name: 'Jest with CommonJS from Babel',
    argv: [jest, '--config=jest.babel.config.mjs', '--ci', '--no-cache'],
    pass: /Tests: {7}4 passed, 4 total/,
  },
];

it.each(runners)(
  'useMockIssuer of $name starts before the first test, resets before each, and lets the process end',
  async ({ argv, pass }) => {
    // The environment of this runner would change the behaviour of the nested ones.
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' };
    const { stdout, stderr, status } = spawnSync(process.execPath, argv, {
      cwd: project,
      env,
      encoding: 'utf8',
      timeout: 40_000,
    });
    expect(stdout + stderr).toMatch(pass);
    expect(status).toBe(0);
    const [, issuer = ''] = /ISSUER (\S+)/.exec(stdout + stderr) ?? [];
    await expect(fetch(issuer)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  },
  60_000,
);
