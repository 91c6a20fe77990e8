import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { flagNames } from '../../src/cli/command.js';
import { run } from './terminal.js';

test.each([
  ['an unknown flag', ['--prot', '9000'], /--prot.*\nThe flags here are --port, .*--help/],
  ['a flag of another command', ['token', '--user', 'ada'], /--user.*\nThe flags here are/],
  ['an unknown command', ['tokens'], /tokens/],
  ['a flag without its value', ['--port'], /--port/],
  [
    'a port that is none',
    ['--port', '9e3'],
    /^mock-issuer: --port must be a whole number from 0 to 65535, and is "9e3"/,
  ],
  ['a port that is too high', ['--port', '65536'], /^mock-issuer: --port must be a whole number from 0 to 65535/],
  [
    'an address that is none',
    ['--dangerously-listen-on', 'localhost'],
    /--dangerously-listen-on must be an IP address/,
  ],
  ['a state file without a name', ['--state', ''], /--state must not be empty/],
  ['a state file in no folder', ['--port', '0', '--state', '/none/of/these'], /cannot be locked: there is no such/],
  ['an issuer that is no URL', ['token', '--issuer', 'localhost:9000'], /--issuer must be a URL such as/],
  ['a port in two places', ['token', '--issuer', 'http://127.0.0.1:1', '--port', '1'], /leave --port out/],
  [
    'a client twice',
    ['--port', '0', '--client', 'spa', '--client', 'spa'],
    /^mock-issuer: the 'client_id' "spa" is taken/,
  ],
  [
    'a user who is a client',
    ['--port', '0', '--client', 'ada', '--user', 'ada'],
    /^mock-issuer: users\[0\]: .*"ada" is taken/,
  ],
  ['a redirect URI that is none', ['--port', '0', '--client', 'spa', '--redirect-uri', '/cb'], /'redirect_uris'/],
  ['a token for a public client', ['token', '--port', '1', '--client', 'spa'], /public clients get no such token/],
] as const)('%s is told in words, and never in a stack', async (_, args, text) => {
  const { code, stdout, stderr } = await run(...args);
  expect(stdout).toBe('');
  expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect([1, 2]).toContain(code);
});

test('a command line that is wrong has exit code 2', async () => {
  expect((await run('--prot')).code).toBe(2);
  expect((await run('--port', '0', '--client', '')).code).toBe(2);
});

test.each(['serve', 'token'] as const)(
  '--help of %s names every flag, on stdout, with exit code 0',
  async (command) => {
    const { code, stdout, stderr } = await run(...(command === 'token' ? ['token'] : []), '--help');
    expect([code, stderr]).toEqual([0, '']);
    for (const name of flagNames[command]) expect(stdout).toContain(`--${name}`);
  },
);

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});
