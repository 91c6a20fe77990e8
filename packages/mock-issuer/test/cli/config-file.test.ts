import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/cli/config-file.js';
import { certify } from '../certificate.js';
import { claimsOf } from '../referee.js';
import { folder } from '../state/folder.js';
import { askOverTls } from '../tls-caller.js';
import { run, start } from './terminal.js';

const ISSUER = /^issuer +(\S+)$/m;
const TOKEN = /^(eyJ\S+)\n/m;

async function file(name: string, content: string): Promise<string> {
  const path = join(folder(), name);
  await writeFile(path, content);
  return path;
}

const yaml = `# yaml-language-server: $schema=./node_modules/@resource-server/mock-issuer/schema.json
port: 0
alg: ES256
audience: https://file.example
clients:
  - client_id: spa
    token_endpoint_auth_method: none
    redirect_uris: [https://spa.example/cb]
    grant_types: [authorization_code]
  - client_id: job
    client_secret: from the file
    grant_types: [client_credentials]
users:
  - sub: ada
lifetimes: { accessTokenSeconds: 60 }
`;

test('an issuer is as its file says, in YAML or in JSON', async () => {
  const json = JSON.stringify(
    { $schema: './x', port: 0, clients: [{ client_id: 'c', client_secret: 's' }] },
    null,
    '\t',
  );
  expect(await readConfig(await file('issuer.json', json))).toEqual({
    port: 0,
    clients: [{ client_id: 'c', client_secret: 's' }],
  });
  const { printed } = start('--config', await file('issuer.yaml', yaml));
  expect(claimsOf(await printed(TOKEN))).toMatchObject({ aud: 'https://file.example', client_id: 'spa', sub: 'ada' });
  const { stdout } = await run('token', '--issuer', `${await printed(ISSUER)}/`, '--client', 'job:from the file');
  const { iat = 0, exp } = claimsOf(stdout) as { iat?: number; exp?: number };
  expect(exp).toBe(iat + 60);
});

test('flags win over the file; clients and users of both are there, those of the flags first', async () => {
  const { printed } = start(
    ...['--config', await file('issuer.yaml', yaml.replace('port: 0', 'port: 1'))],
    ...['--port', '0', '--audience', 'https://flag.example', '--client', 'job:from the flag', '--user', 'bob'],
  );
  expect(claimsOf(await printed(TOKEN))).toMatchObject({ aud: 'https://flag.example', client_id: 'job', sub: 'bob' });
  const issuer = await printed(ISSUER);
  expect(await printed(/^clients +(.+)$/m)).toBe('job, spa');
  expect(await printed(/^users +(.+)$/m)).toBe('bob, ada');
  expect(await run('token', '--issuer', issuer, '--client', 'job:from the file')).toMatchObject({ code: 1 });
  expect(await run('token', '--issuer', issuer, '--client', 'job:from the flag')).toMatchObject({ code: 0 });
  expect(await run('token', '--issuer', issuer)).toMatchObject({ code: 0 });
});

test('paths in a file are looked for from its folder', async () => {
  const { key, cert } = certify({ subject: [['CN', 'localhost']], names: [['ip', '127.0.0.1']] });
  const path = await file('issuer.yaml', 'tls: { key: key.pem, cert: ./cert.pem }\nstateFile: state.json\n');
  await writeFile(join(path, '..', 'key.pem'), key);
  await writeFile(join(path, '..', 'cert.pem'), cert);
  expect(await readConfig(path)).toEqual({ tls: { key, cert }, stateFile: join(path, '..', 'state.json') });
});

describe('a file that is wrong is told by its name, with what is wrong in it, and exit code 2', () => {
  test.each([
    [
      'a rule that is broken',
      'port: "80"',
      /^mock-issuer: \S+wrong\.yaml: 'port' must be an integer from 0 to 65535$/m,
    ],
    [
      'a member of a member',
      'clients: [{ client_id: a, client_secret: 7 }]',
      /wrong\.yaml: clients\[0\]: 'client_secret' must be/,
    ],
    ['an unknown option', 'colour: red', /wrong\.yaml: unknown option 'colour'/],
    ['a clock', 'clock: {}', /wrong\.yaml: unknown option 'clock'/],
    [
      'a client twice',
      'clients: [&a { client_id: a, client_secret: s }, *a]',
      /wrong\.yaml: the 'client_id' "a" is taken/,
    ],
    ['a key twice', 'port: 1\nport: 2', /wrong\.yaml: Map keys must be unique at line 2, column 1$/m],
    ['what is no YAML', 'clients: [', /wrong\.yaml: .* at line 1, column 11$/m],
    ['a tag that nobody knows', 'port: !port 80', /wrong\.yaml: Unresolved tag: !port at line 1/],
    ['an alias of nothing', 'clients: *all', /wrong\.yaml: Unresolved alias .*: all/],
    ['no object', '- port', /wrong\.yaml: an object is expected/],
    ['nothing', '', /wrong\.yaml: an object is expected/],
    [
      'a file it names that is not there',
      'tls: { key: a.pem, cert: b.pem }',
      /wrong\.yaml: 'tls': '(key|cert)' must be the path .* cannot be read: .*ENOENT/,
    ],
  ])('%s', async (_, content, says) => {
    const { code, stdout, stderr } = await run('--config', await file('wrong.yaml', content));
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('a file that is not there', async () => {
    const { code, stderr } = await run('--config', join(folder(), 'none.yaml'));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/none\.yaml: cannot be read: .*ENOENT/)]);
  });

  test('a key that is not for the certificate', async () => {
    const path = await file('issuer.yaml', 'tls: { key: key.pem, cert: cert.pem }');
    const of = () => certify({ subject: [['CN', 'localhost']], names: [['ip', '127.0.0.1']] });
    await writeFile(join(path, '..', 'key.pem'), of().key);
    await writeFile(join(path, '..', 'cert.pem'), of().cert);
    expect(await run('--config', path)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/'key' and 'cert' must be/),
    });
  });
});

test('where clients register is printed where they can, and is what the metadata says', async () => {
  const open = start('--config', await file('open.yaml', 'port: 0\nregistration: open\n'));
  const issuer = await open.printed(ISSUER);
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as object;
  expect(metadata).toMatchObject({ registration_endpoint: await open.printed(/^register +(\S+)$/m) });
  const closed = start('--config', await file('closed.yaml', 'port: 0\n'));
  await closed.printed(TOKEN);
  closed.child.kill('SIGINT');
  expect((await closed.ended).stdout).not.toMatch(/regist|CERTIFICATE/);
});

test("with tls: 'self-signed' the authority that signed its certificate is printed, and is the one to trust", async () => {
  const { printed } = start('--config', await file('tls.yaml', 'port: 0\ntls: self-signed\n'));
  await printed(TOKEN);
  const issuer = await printed(ISSUER);
  const authority = await printed(/(-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----)/);
  expect(await askOverTls(authority, `${issuer}/jwks`)).toMatchObject({
    status: 200,
    body: { keys: [{ alg: 'RS256' }] },
  });
});
