import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { post } from '../caller.js';
import { folder } from '../state/folder.js';
import { type Ended, run, start } from './terminal.js';

const ISSUER = /^issuer +(\S+)$/m;
const TOKEN = /^(eyJ\S+)\n/m;
const flags = ['--client', 'web:s3cret', '--user', 'ada'];
const authorization = `Basic ${Buffer.from('web:s3cret').toString('base64')}`;

interface Session {
  readonly issuer: string;
  readonly printedToken: string;
  ask(path: string, form: Record<string, string>): Promise<Record<string, unknown>>;
  kids(): Promise<string[]>;
  end(signal: NodeJS.Signals): Promise<Ended>;
}

async function session(stateFile: string, port: string): Promise<Session> {
  const { printed, child, ended } = start('--state', stateFile, '--port', port, ...flags);
  const printedToken = await printed(TOKEN);
  const issuer = await printed(ISSUER);
  return {
    issuer,
    printedToken,
    ask: async (path, form) => {
      const text = await (await post(`${issuer}${path}`, form, { authorization })).text();
      return text === '' ? {} : JSON.parse(text);
    },
    kids: async () => {
      const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: { kid: string }[] };
      return keys.map(({ kid }) => kid);
    },
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'after %s the port is free, nothing but the state file is left, and the next run knows what this one did',
  async (signal) => {
    const stateFile = join(folder(), 'state.json');
    const first = await session(stateFile, '0');
    const verifier = 'v'.repeat(43);
    const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(verifier))).toString('base64url');
    const query = `response_type=code&client_id=web&code_challenge_method=S256&code_challenge=${challenge}`;
    const { headers } = await fetch(`${first.issuer}/authorize?${query}`, { redirect: 'manual' });
    const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
    const granted = await first.ask('/token', { grant_type: 'authorization_code', code, code_verifier: verifier });
    const stolen = String(granted['refresh_token']);
    const refreshed = await first.ask('/token', { grant_type: 'refresh_token', refresh_token: stolen });
    const { access_token: revoked } = await first.ask('/token', { grant_type: 'client_credentials' });
    await first.ask('/revoke', { token: String(revoked) });
    const kids = await first.kids();

    expect(await first.end(signal)).toMatchObject({ code: 0, stderr: '' });
    await expect(fetch(`${first.issuer}/jwks`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(await readdir(join(stateFile, '..'))).toEqual(['state.json']);

    const second = await session(stateFile, new URL(first.issuer).port);
    const active = async (token: unknown) => (await second.ask('/introspect', { token: String(token) }))['active'];
    expect(await second.kids()).toEqual(kids);
    expect(await active(first.printedToken)).toBe(true);
    expect(await active(refreshed['access_token'])).toBe(true);
    expect(await active(revoked)).toBe(false);
    const reused = await second.ask('/token', { grant_type: 'refresh_token', refresh_token: stolen });
    expect(reused).toMatchObject({ error: 'invalid_grant', error_description: expect.stringContaining('used before') });
    expect(await active(refreshed['access_token'])).toBe(false);
  },
);

test('what was killed leaves a state that is whole, and a lock that the next run takes over', async () => {
  const stateFile = join(folder(), 'state.json');
  const first = await session(stateFile, '0');
  const kids = await first.kids();
  await expect.poll(() => readFile(stateFile, 'utf8').catch(() => ''), { timeout: 5000 }).toContain(kids[0]);
  await first.end('SIGKILL');
  expect(await readdir(join(stateFile, '..'))).toContain('state.json.lock');
  const second = await session(stateFile, new URL(first.issuer).port);
  expect(await second.kids()).toEqual(kids);
  expect(await second.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(await readdir(join(stateFile, '..'))).toEqual(['state.json']);
});

test('a second process with the same state file, a file of another port and a broken one are told in words, with exit code 1', async () => {
  const stateFile = join(folder(), 'state.json');
  const first = await session(stateFile, '0');
  expect(await run('--state', stateFile, '--port', '0')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^mock-issuer: the state file ".*state\.json" is used by the process \d+; .*\n$/),
  });
  await first.end('SIGINT');
  expect(await run('--state', stateFile, '--port', '0')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^mock-issuer: the state file .* is of the issuer http:\S+, and this one is http/),
  });
  await writeFile(stateFile, '{');
  expect(await run('--state', stateFile, '--port', '0')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^mock-issuer: the state file .* is broken: it is no JSON\n$/),
  });
  expect(await readFile(stateFile, 'utf8')).toBe('{');
});

test('a state that cannot be written at the end is told, with exit code 1', async () => {
  const path = join(folder(), 'inner');
  await mkdir(path);
  const first = await session(join(path, 'state.json'), '0');
  await rm(path, { recursive: true });
  await first.ask('/token', { grant_type: 'client_credentials' });
  expect(await first.end('SIGINT')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/mock-issuer: the state file .* cannot be written: there is no such .*\n$/),
  });
});
