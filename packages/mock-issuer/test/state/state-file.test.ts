import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  type AuthorizedCode,
  createMockIssuer,
  type MockIssuer,
  type MockIssuerOptions,
  StateFileError,
} from '../../src/index.js';
import { askForTokens, basic, post, stateOf } from '../caller.js';
import { startIssuer } from '../referee.js';
import { folder } from './folder.js';
import { runTwice } from './run-twice.js';

const redirectUri = 'http://127.0.0.1/cb';
const spa = {
  client_id: 'spa',
  token_endpoint_auth_method: 'none',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
} as const;
const options: MockIssuerOptions = { clients: [spa], users: [{ sub: 'ada' }], acrValues: ['low', 'high'] };

const restarted = <T>(before: (issuer: MockIssuer) => T | Promise<T>, more: MockIssuerOptions = {}) =>
  runTwice(before, { ...options, ...more });

const rotate = async (issuer: MockIssuer, refresh_token: string) =>
  (await askForTokens(issuer, { grant_type: 'refresh_token', refresh_token }, 'spa')).body;

test('a token that was good before is good after, one that was revoked stays so, and one of nobody is nobodys', async () => {
  const { issuer, known } = await restarted(async (first) => {
    const tokens = { jwt: await first.token(), opaque: await first.token({ format: 'opaque', scope: 'read' }) };
    const revoked = [await first.token(), await first.token({ format: 'opaque' })];
    for (const token of revoked) first.revoke(token);
    return { ...tokens, revoked };
  });
  expect(await stateOf(issuer, known.jwt)).toMatchObject({ active: true, iss: issuer.issuer });
  expect(await stateOf(issuer, known.opaque)).toMatchObject({ active: true, scope: 'read' });
  for (const token of [...known.revoked, 'nobodys']) expect(await stateOf(issuer, token)).toEqual({ active: false });
});

test('the credentials of the resource server stay the same', async () => {
  const { first, issuer } = await restarted(() => {});
  expect(issuer.resourceServer).toEqual(first.resourceServer);
  const authorization = basic(first.resourceServer);
  expect((await post(issuer.introspectionEndpoint, { token: 'x' }, { authorization })).status).toBe(200);
});

test('the JWKS has the same keys, in the same order, withdrawn ones gone, and the same one signs', async () => {
  const { first, issuer } = await restarted(
    async ({ keys }) => {
      const { kid } = await keys.current('RS256');
      await keys.rotate('ES256');
      await keys.rotate('ES256');
      await keys.rotate('Ed25519');
      await keys.rotate('RS256');
      keys.withdraw(kid);
    },
    { algorithms: ['ES256', 'RS256', 'Ed25519'] },
  );
  expect(issuer.jwks).toEqual(first.jwks);
  for (const alg of ['ES256', 'RS256', 'Ed25519'] as const) {
    expect(await issuer.keys.current(alg)).toMatchObject({ kid: (await first.keys.current(alg)).kid });
  }
});

test('a key that signs no more since its follower was withdrawn does not sign in the next run either', async () => {
  const { issuer, known } = await restarted(async ({ keys }) => {
    const { kid } = await keys.current();
    keys.withdraw(await keys.rotate());
    return kid;
  });
  expect(issuer.jwks.keys.map(({ kid }) => kid)).toContain(known);
  expect((await issuer.keys.current()).kid).not.toBe(known);
});

test('a grant that was revoked stays so, with everything that was issued for it', async () => {
  const { issuer, known } = await restarted(async (first) => {
    const tokens = await (await first.authorize({ client: 'spa' })).tokens();
    first.revoke(tokens.refresh_token ?? '');
    return tokens;
  });
  expect(await stateOf(issuer, known.access_token)).toEqual({ active: false });
  expect(await rotate(issuer, known.refresh_token ?? '')).toMatchObject({
    error_description: expect.stringContaining('revoked'),
  });
});

test('a refresh token that was used before is known as such, and takes its family with it', async () => {
  const { issuer, known } = await restarted(async (first) => {
    const { refresh_token: stolen = '', access_token } = await (await first.authorize({ client: 'spa' })).tokens();
    const { refresh_token: latest } = await rotate(first, stolen);
    return { stolen, latest: String(latest), access_token };
  });
  const { access_token, refresh_token } = await rotate(issuer, known.latest);
  expect(await stateOf(issuer, String(access_token))).toMatchObject({ active: true, sub: 'ada' });
  expect(await rotate(issuer, known.stolen)).toMatchObject({ error: 'invalid_grant' });
  expect(await rotate(issuer, String(refresh_token))).toMatchObject({ error: 'invalid_grant' });
  expect(await stateOf(issuer, known.access_token)).toEqual({ active: false });
});

test('a code is good once, whichever run it is used in', async () => {
  const { issuer, known } = await restarted(async (first) => {
    const used = await first.authorize({ client: 'spa' });
    await used.tokens();
    return { used, fresh: await first.authorize({ client: 'spa' }) };
  });
  const redeem = async ({ code, codeVerifier = '' }: AuthorizedCode) =>
    (await askForTokens(issuer, { grant_type: 'authorization_code', code, code_verifier: codeVerifier }, 'spa')).body;
  expect(await redeem(known.used)).toMatchObject({ error_description: expect.stringContaining('used before') });
  expect(await redeem(known.fresh)).toMatchObject({ token_type: 'Bearer' });
  expect(await redeem(known.fresh)).toMatchObject({ error_description: expect.stringContaining('used before') });
});

test('a request that was pushed can still be put before its user, with every parameter that it had', async () => {
  const form: [string, string][] = [
    ['response_type', 'code'],
    ['client_id', 'spa'],
    ['state', 'a & b'],
    ['code_challenge', 'A'.repeat(43)],
    ['code_challenge_method', 'S256'],
    ['resource', 'https://a.example'],
    ['resource', 'https://b.example'],
  ];
  const { issuer, known } = await restarted(
    async (first) =>
      (await (await post(first.pushedAuthorizationRequestEndpoint, form)).json()) as { request_uri: string },
    { resources: ['https://a.example', 'https://b.example'] },
  );
  const query = new URLSearchParams({ client_id: 'spa', request_uri: known.request_uri });
  const { headers } = await fetch(`${issuer.authorizationEndpoint}?${query}`, { redirect: 'manual' });
  const { searchParams } = new URL(headers.get('location') ?? '');
  expect(searchParams.get('state')).toBe('a & b');
  const code = searchParams.get('code');
  expect(code).toMatch(/^[\w-]{43}$/);
});

test('the status list keeps its statuses, and gives no place twice', async () => {
  const { issuer, known } = await restarted(
    async (first) => ({
      suspended: await first.token({ status: 'suspended' }),
      valid: await first.token({ status: 'valid' }),
      third: await first.token({ status: 3 }),
    }),
    { statusList: { size: 2 } },
  );
  expect(issuer.statusList.size).toBe(4);
  expect([known.suspended, known.valid, known.third].map((token) => issuer.statusList.get(token))).toEqual([2, 0, 3]);
  const next = await issuer.token({ status: 'valid' });
  expect([issuer.statusList.get(known.suspended), issuer.statusList.get(next)]).toEqual([2, 0]);
  expect(await stateOf(issuer, known.suspended)).toEqual({ active: false });
});

test('a user who signed in stays signed in, and the clock stays where it was moved to', async () => {
  const { issuer, known } = await restarted(async (first) => {
    const before = first.clock.now();
    await first.authorize({ client: 'spa', acrValues: 'high' });
    first.clock.advance(7200);
    return before;
  });
  const { access_token } = await (await issuer.authorize({ client: 'spa' })).tokens();
  const { auth_time, acr } = await stateOf(issuer, access_token);
  expect(acr).toBe('high');
  expect(Math.abs(Number(auth_time) - known / 1000)).toBeLessThan(60);
  expect(issuer.clock.now()).toBeGreaterThanOrEqual(known + 7_200_000);
});

test('an assertion that was used is refused in the next run too', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const job = {
    client_id: 'job',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [await exportJWK(publicKey)] },
    grant_types: ['client_credentials'],
  } as const;
  const ask = async (issuer: MockIssuer, client_assertion: string) =>
    (
      await askForTokens(issuer, {
        grant_type: 'client_credentials',
        client_assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      })
    ).body;
  const assertion = (issuer: MockIssuer) =>
    new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer('job')
      .setSubject('job')
      .setAudience(issuer.issuer)
      .setExpirationTime('1m')
      .sign(privateKey);
  const { issuer, known } = await restarted(
    async (first) => {
      const used = await assertion(first);
      expect(await ask(first, used)).toMatchObject({ token_type: 'Bearer' });
      return used;
    },
    { clients: [job] },
  );
  expect(await ask(issuer, known)).toMatchObject({ error_description: expect.stringContaining('used before') });
  expect(await ask(issuer, await assertion(issuer))).toMatchObject({ token_type: 'Bearer' });
});

test('under a seed no value comes a second time in the next run', async () => {
  const draw = async (issuer: MockIssuer) => [
    await issuer.token({ format: 'opaque' }),
    (await issuer.authorize({ client: 'spa' })).code,
    await issuer.keys.rotate(),
  ];
  const { issuer, known } = await restarted(draw, { seed: 'a seed' });
  const later = await draw(issuer);
  expect(later.filter((value) => known.includes(value))).toEqual([]);
});

test('the file holds no token that can be used but refresh tokens, is for its owner alone, and the only thing there', async () => {
  const { issuer, known, file } = await restarted((first) =>
    Promise.all([first.token(), first.token({ format: 'opaque' })]),
  );
  await issuer.close();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(file, '..'))).toEqual(['state.json']);
  const content = await readFile(file, 'utf8');
  for (const token of known) expect(content).not.toContain(token);
});

test('the file has no credentials of a client that pushed a request', async () => {
  const file = join(folder(), 'state.json');
  const secret = 'a-secret-of-the-client';
  const web = {
    client_id: 'web',
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: ['https://app.example/cb'],
  } as const;
  const issuer = await startIssuer({ stateFile: file, clients: [web] });
  const request = { response_type: 'code', code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' };
  const pushed = await post(issuer.pushedAuthorizationRequestEndpoint, {
    client_id: 'web',
    client_secret: secret,
    ...request,
  });
  expect(pushed.status).toBe(201);
  await issuer.close();
  const content = await readFile(file, 'utf8');
  expect(content).toContain('code_challenge=');
  expect(content).not.toContain(secret);
});

test('what a test did and reset took back is forgotten in the file too', async () => {
  const { issuer, known } = await restarted(async (first) => {
    const token = await first.token();
    first.reset();
    return { token, later: await first.token() };
  });
  expect(await stateOf(issuer, known.token)).toEqual({ active: false });
  expect(await stateOf(issuer, known.later)).toMatchObject({ active: true });
});

describe('what is refused, and left as it is', () => {
  const wrong: [what: string, change: (content: string) => string, says: RegExp][] = [
    ['no JSON', (content) => content.slice(0, -10), /is broken: it is no JSON/],
    ['an empty file', () => '', /is broken: it is no JSON/],
    ['other JSON', () => '[]', /is broken: it must be an object/],
    [
      'another version',
      (content) => content.replace('"version":1', '"version":2'),
      /is of version 2, and .* knows version 1/,
    ],
    ['no version', (content) => content.replace('"version":1,', ''), /is broken: version must be a number/],
    ['an unknown part', (content) => content.replace('"parts":{', '"parts":{"x":1,'), /does not know: x/],
    [
      'an unknown member',
      (content) => content.replace('"revoked":false', '"revoked":false,"x":1'),
      /tokens: \[0\]\[1\]\.x must be left out/,
    ],
    [
      'an ill-typed member',
      (content) => content.replace('"revoked":false', '"revoked":"no"'),
      /tokens: \[0\]\[1\]\.revoked must be true or false/,
    ],
    [
      'a key that is none',
      (content) => content.replace('BEGIN PRIVATE', 'BEGIN PUBLIC'),
      /keys: published\[0\]\.privateKey must be a private key for ES256 in PEM/,
    ],
    [
      'a key for another algorithm',
      (content) => content.replace('"alg":"ES256"', '"alg":"ES384"'),
      /keys: .*private key for ES384/,
    ],
    [
      '[IS-AC-2] a code without its challenge',
      (content) => content.replace(/"codeChallenge":"[^"]*",/, ''),
      /codeChallenge must be a string, not empty/,
    ],
    [
      'a grant for nobody',
      (content) => content.replace('"audience":["https://api.example.com"]', '"audience":[]'),
      /audience must be an array, not empty, of strings/,
    ],
    ['a status list of other bits', (content) => content.replace('"bits":2', '"bits":8'), /statuses: bits must be 2/],
    [
      'a list shorter than its statuses',
      (content) => content.replace('"size":1024', '"size":0'),
      /statuses: size must be from/,
    ],
    [
      'a clock that goes back',
      (content) => content.replace('"clock":0', '"clock":-5'),
      /clock: it must be a whole number/,
    ],
    [
      'the issuer of another port',
      (content) => content.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'),
      /is of the issuer http:\/\/127\.0\.0\.1:1, and this one is http/,
    ],
  ];

  test.each(wrong)('%s', async (_, change, says) => {
    const file = join(folder(), 'state.json');
    const spa = {
      client_id: 'spa',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['https://spa.example/'],
    } as const;
    const first = await startIssuer({ stateFile: file, clients: [spa] });
    await first.token({ status: 'valid' });
    await first.authorize({ client: 'spa' });
    await first.close();
    const port = Number(new URL(first.issuer).port);
    const changed = change(await readFile(file, 'utf8'));
    await writeFile(file, changed);
    const refusal = createMockIssuer({ stateFile: file, port });
    await expect(refusal).rejects.toThrow(StateFileError);
    await expect(refusal).rejects.toThrow(says);
    expect(await readFile(file, 'utf8')).toBe(changed);
    expect(await readdir(join(file, '..'))).toEqual(['state.json']);
    // The port and the lock are free again.
    await (await createMockIssuer({ port, stateFile: `${file}.other` })).close();
  });

  test('a second issuer with the file of one that runs', async () => {
    const stateFile = join(folder(), 'state.json');
    const first = await startIssuer({ stateFile });
    await expect(createMockIssuer({ stateFile })).rejects.toThrow(/is used by another issuer of this process/);
    await first.close();
    const port = Number(new URL(first.issuer).port);
    await (await createMockIssuer({ stateFile, port })).close();
  });

  test('a folder that is not there', async () => {
    const stateFile = join(folder(), 'none', 'state.json');
    await expect(createMockIssuer({ stateFile })).rejects.toThrow(/cannot be locked: .*ENOENT/);
  });
});

test('a change is in the file within seconds, without a request to end', async () => {
  const stateFile = join(folder(), 'state.json');
  const issuer = await startIssuer({ stateFile });
  const { kid } = await issuer.keys.current();
  await expect.poll(() => readFile(stateFile, 'utf8').catch(() => ''), { timeout: 5000 }).toContain(kid);
});
