import { expect, test } from 'vitest';
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
