import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { kindsOf } from '../src/faults/kinds.js';
import type { MockIssuer } from '../src/index.js';
import { optionNames } from '../src/options.js';
import { startIssuer } from './referee.js';

test('close ends answers that hang or are late, and may be called again', async () => {
  const issuer = await startIssuer();
  issuer.faults.jwks('hang');
  issuer.faults.discovery('slow', { delaySeconds: 3600 });
  const pending = [fetch(issuer.jwksUri), fetch(`${issuer.issuer}/.well-known/openid-configuration`)];
  const settled = Promise.allSettled(pending);
  await expect.poll(() => issuer.requests.count('jwks') + issuer.requests.count('discovery')).toBe(2);
  await Promise.all([issuer.close(), issuer.close()]);
  await issuer[Symbol.asyncDispose]();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(fetch(issuer.jwksUri)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

test('a process that closed its issuer ends, whatever was under way', async () => {
  const program = `
    import { createMockIssuer } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const issuer = await createMockIssuer({ alg: 'ES256' });
    issuer.faults.jwks('slow', { delaySeconds: 3600 });
    const late = fetch(issuer.jwksUri).catch(() => {});
    while (issuer.requests.count('jwks') === 0) await new Promise(setImmediate);
    await issuer.token();
    await issuer.close();
    await late;`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 8000,
  });
  expect(stderr).toBe('');
});

test('two issuers in one process share neither port nor keys', async () => {
  const [one, other] = [await startIssuer(), await startIssuer()];
  expect(one.issuer).not.toBe(other.issuer);
  expect(one.jwks.keys[0]?.kid).not.toBe(other.jwks.keys[0]?.kid);
});

test('the server listens on 127.0.0.1 and no other address', async () => {
  const { issuer } = await startIssuer();
  expect((await fetch(`${issuer}/jwks`)).status).toBe(200);
  const elsewhere = issuer.replace('127.0.0.1', '127.0.0.2');
  await expect(fetch(`${elsewhere}/jwks`, { signal: AbortSignal.timeout(2000) })).rejects.toThrow();
});

test("the README's test runs as it stands, against an API that jose guards", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```js\n(import assert.*?)```/s.exec(readme)?.[1] ?? '';
  const program = example.replace("import { startApi } from './api.js'; // yours", API);
  expect(program).toContain(API);
  // node:test reports to stdout and tells by the exit code; a code other than 0 rejects here.
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: new URL('..', import.meta.url),
    timeout: 8000,
  });
  expect(stdout).toMatch(/pass 1\b/);
});

test("the README's tables name every bad token and every fault, and no other", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const issuer: MockIssuer = await startIssuer();
  expect(firstColumn(readme, '## Bad tokens')).toEqual(Object.keys(issuer.bad));
  for (const kind of firstColumn(readme, '## Faults')) {
    const accepted = [() => issuer.faults.jwks(kind as 'down'), () => issuer.faults.discovery(kind as 'down')];
    expect(accepted.filter(succeeds)).toHaveLength(kind === 'empty' || kind === 'wrongIssuer' ? 1 : 2);
  }
  expect(firstColumn(readme, '## Faults')).toHaveLength(11);
});

test.each([
  ['introspection', '## Faults of introspection', 25],
  ['statusList', '## Faults of the status list', 19],
] as const)('the README names every fault of %s, and no other', async (endpoint, heading, count) => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const issuer = await startIssuer();
  const common = firstColumn(readme, '## Faults').filter((kind) => kind !== 'empty' && kind !== 'wrongIssuer');
  const kinds = [...common, ...firstColumn(readme, heading)];
  for (const kind of kinds) issuer.faults[endpoint](kind as 'down');
  expect(kinds).toHaveLength(count);
  expect(kinds).toEqual([...kindsOf[endpoint]]);
});

test.each(['authorization', 'par', 'deviceAuthorization', 'token', 'registration', 'revocation'] as const)(
  "the README's faults of %s are those there are",
  async (endpoint) => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const common = firstColumn(readme, '## Faults').filter((kind) => kind !== 'empty' && kind !== 'wrongIssuer');
    expect(readme).toContain(`\`issuer.faults.${endpoint}\``);
    expect([...common, '429', '503']).toEqual([...kindsOf[endpoint]]);
  },
);

test("the README's tables name every option, and no other", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [table = ''] = readme.slice(readme.indexOf('| option')).split('\n\n');
  expect(firstColumn(`## Options\n${table}`, '## Options').sort()).toEqual([...optionNames].sort());
});

const API = `
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
async function startApi({ issuer }) {
  const { jwks_uri } = await (await fetch(issuer + '/.well-known/openid-configuration')).json();
  const keys = createRemoteJWKSet(new URL(jwks_uri));
  const server = createServer((req, res) => {
    jwtVerify(req.headers.authorization.slice(7), keys, { issuer, audience: 'https://api.example.com' })
      .then(() => res.end(), () => res.writeHead(401).end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: 'http://127.0.0.1:' + server.address().port, close: () => server.close() };
}`;

function firstColumn(readme: string, heading: string): string[] {
  const section = readme.slice(readme.indexOf(`${heading}\n`)).split('\n## ')[0] ?? '';
  return Array.from(section.matchAll(/^\| `'?(\w+)/gm), ([, name]) => name ?? '');
}

function succeeds(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
