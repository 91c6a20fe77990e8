import { createRemoteJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { post } from '../caller.js';
import { claimsOf, headerOf, startIssuer } from '../referee.js';
import { run, start } from './terminal.js';

const ISSUER = /^issuer +(\S+)$/m;
const TOKEN = /^(eyJ\S+)\n/m;

test('it prints its endpoints, each of which its metadata has, and an access token that its keys verify', async () => {
  const { printed, child, ended } = start('--port', '0', '--client', 'spa', '--user', 'ada', '--scope', 'read write');
  const token = await printed(TOKEN);
  const issuer = await printed(ISSUER);
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>;
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(metadata['jwks_uri'] ?? '')), { issuer });
  expect(payload).toMatchObject({ sub: 'ada', client_id: 'spa', scope: 'read write' });
  child.kill('SIGINT');
  const { stdout } = await ended;
  const urls = [...stdout.matchAll(/^\w+ +(http\S+)$/gm)].map(([, url]) => url);
  const named = [...Object.values(metadata), `${issuer}/.well-known/openid-configuration`];
  expect(urls).toHaveLength(9);
  expect(urls).toContain(metadata['device_authorization_endpoint']);
  expect(urls.filter((url) => !named.includes(url ?? ''))).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends it at once and silently, with exit code 0 and no socket left, whatever was under way',
  async (signal) => {
    const { printed, child, ended } = start('--port', '0');
    await printed(TOKEN);
    const issuer = await printed(ISSUER);
    // A connection that is kept alive, as browsers and fetch do.
    expect((await fetch(`${issuer}/jwks`)).status).toBe(200);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    await expect(fetch(`${issuer}/jwks`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  },
);

test('a client of the command line is public without a secret, and with one it gets tokens for itself', async () => {
  const { printed } = start(
    '--port',
    '0',
    '--client',
    'spa',
    '--client',
    'job:s:3',
    '--redirect-uri',
    'https://app.example/cb',
  );
  await printed(TOKEN);
  const issuer = await printed(ISSUER);
  const ask = async (form: Record<string, string>) =>
    (await post(`${issuer}/token`, { grant_type: 'client_credentials', ...form })).json();
  expect(await ask({ client_id: 'spa' })).toMatchObject({ error: 'unauthorized_client' });
  const { code, stdout } = await run('token', '--issuer', issuer, '--client', 'job:s:3');
  expect(code).toBe(0);
  expect(claimsOf(stdout)).toMatchObject({ iss: issuer, client_id: 'job' });
  const query = `response_type=code&client_id=spa&code_challenge_method=S256&code_challenge=${'A'.repeat(43)}`;
  for (const credentials of [{ client_id: 'spa' }, { client_id: 'job' }]) {
    const response = await post(`${issuer}/device_authorization`, credentials);
    expect(response.status).toBe(credentials.client_id === 'spa' ? 200 : 401);
  }
  const { headers } = await fetch(`${issuer}/authorize?${query}`, { redirect: 'manual' });
  expect(headers.get('location')).toMatch(/^https:\/\/app\.example\/cb\?/);
});

test('off loopback nobody has a secret that everybody knows', async () => {
  const { printed } = start('--port', '0', '--dangerously-listen-on', '0.0.0.0');
  const token = await printed(TOKEN);
  expect(headerOf(token)).toMatchObject({ mock: true });
  const { code, stderr } = await run('token', '--issuer', await printed(ISSUER));
  expect([code, stderr]).toEqual([1, expect.stringContaining('refuses: invalid_client')]);
});

test('a port that is taken is a failure that says so', async () => {
  const { issuer } = await startIssuer();
  const { port } = new URL(issuer);
  const { code, stdout, stderr } = await run('--port', port);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(new RegExp(`^mock-issuer: port ${port} of 127\\.0\\.0\\.1 is taken; .*--port`));
});
