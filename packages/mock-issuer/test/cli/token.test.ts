import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { certify } from '../certificate.js';
import { claimsOf, startIssuer, verify } from '../referee.js';
import { run } from './terminal.js';

const clients = [{ client_id: 'job', client_secret: 'p:%', grant_types: ['client_credentials'], scope: 'read' }];

test('it prints an access token of the issuer that runs, and nothing else', async () => {
  const issuer = await startIssuer({ clients });
  const { code, stdout, stderr } = await run(
    'token',
    '--issuer',
    issuer.issuer,
    '--client',
    'job:p:%',
    '--scope',
    'read',
  );
  expect([code, stderr]).toEqual([0, '']);
  expect((await verify(issuer, stdout.trimEnd())).payload).toMatchObject({ client_id: 'job', scope: 'read' });
});

test('the port stands for an issuer on 127.0.0.1, and the audience is asked for as a resource', async () => {
  const resource = 'https://reports.example.com';
  const issuer = await startIssuer({ clients, resources: [resource] });
  const { port } = new URL(issuer.issuer);
  const { stdout } = await run('token', '--port', port, '--client', 'job:p:%', '--audience', resource);
  expect(claimsOf(stdout)).toMatchObject({ aud: resource });
});

test('what the issuer refuses is a failure in its own words', async () => {
  const { issuer } = await startIssuer({ clients });
  const { code, stdout, stderr } = await run('token', '--issuer', issuer, '--client', 'job:p:%', '--scope', 'write');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/refuses: invalid_scope: .+/);
});

test('an issuer that does not run, or is another one, is a failure that says so', async () => {
  const issuer = await startIssuer({ clients });
  issuer.faults.discovery('wrongIssuer');
  expect(await run('token', '--issuer', issuer.issuer)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no issuer of that name'),
  });
  await issuer.close();
  expect(await run('token', '--issuer', issuer.issuer)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('start one with mock-issuer'),
  });
});

test('a certificate that is not trusted is a failure that says how it can be', async () => {
  const tls = certify({ subject: [['CN', 'localhost']], names: [['ip', '127.0.0.1']] });
  const { issuer } = await startIssuer({ clients, tls });
  const { code, stderr } = await run('token', '--issuer', issuer, '--client', 'job:p:%');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/is not trusted \(\w+\); .*NODE_EXTRA_CA_CERTS/)]);
});

/** What somebody else has on a port, who gives this for a token. */
async function impostor(answer: object): Promise<string> {
  const server = createServer((request, response) => {
    const issuer = `http://${request.headers.host}`;
    response.end(JSON.stringify(request.method === 'GET' ? { issuer, token_endpoint: `${issuer}/token` } : answer));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what is no token is printed nowhere, so that no header line of another is made of it', async () => {
  const issuer = await impostor({ access_token: 'x\r\nX-Admin: 1' });
  const { code, stdout, stderr } = await run('token', '--issuer', issuer);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('is no access token');
  const good = await impostor({ access_token: 'a.b-c_d~e+f/g==' });
  expect(await run('token', '--issuer', good)).toMatchObject({ code: 0, stdout: 'a.b-c_d~e+f/g==\n' });
});

test('what a stranger says moves no cursor of the terminal', async () => {
  const issuer = await impostor({ error: 'x', error_description: 'a\u001b[2Jb\u009bc\rd' });
  const { code, stderr } = await run('token', '--issuer', issuer);
  expect([code, stderr]).toEqual([1, `mock-issuer: ${issuer} refuses: x: a?[2Jb?c?d\n`]);
});
