import { inflateSync } from 'node:zlib';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import type { FaultOptions, MockIssuer, StatusListFault, StatusListOptions } from '../../src/index.js';
import { stateOf } from '../caller.js';
import { claimsOf, headerOf, startIssuer } from '../referee.js';

interface ListClaims {
  readonly bits: number;
  readonly lst: string;
}

async function fetchList(issuer: MockIssuer) {
  const response = await fetch(issuer.statusList.uri, { headers: { accept: 'application/statuslist+jwt' } });
  return { response, text: await response.text() };
}

function judged(issuer: MockIssuer, text: string) {
  return jwtVerify(text, createLocalJWKSet(issuer.jwks), {
    typ: 'statuslist+jwt',
    subject: issuer.statusList.uri,
    requiredClaims: ['iat', 'status_list'],
    currentDate: new Date(issuer.clock.now()),
  });
}

/** What a resource server reads: the status at the index that the token names. */
async function readStatus(issuer: MockIssuer, token: string): Promise<number> {
  const { payload } = await judged(issuer, (await fetchList(issuer)).text);
  const { bits, lst } = payload['status_list'] as ListClaims;
  const { status_list } = claimsOf(token)['status'] as { status_list: { idx: number; uri: string } };
  expect(status_list.uri).toBe(payload.sub);
  const byte = inflateSync(Buffer.from(lst, 'base64url'))[Math.floor((status_list.idx * bits) / 8)] ?? 0;
  return (byte >> ((status_list.idx * bits) % 8)) & (2 ** bits - 1);
}

test('[IS-TSL-1] the list is a signed token of its own type, which anybody may read', async () => {
  const issuer = await startIssuer({ path: '/t' });
  expect(issuer.statusList.uri).toBe(`${issuer.issuer}/statuslists/1`);
  const { response, text } = await fetchList(issuer);
  expect(response.headers.get('content-type')).toBe('application/statuslist+jwt');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('cache-control')).toBeNull();
  const { payload } = await judged(issuer, text);
  const iat = payload.iat ?? 0;
  const status_list = { bits: 2, lst: expect.any(String) };
  expect(payload).toEqual({ sub: issuer.statusList.uri, iat, exp: iat + 3600, ttl: 300, status_list });
  expect(issuer.requests.count('statusList')).toBe(1);
  expect(issuer.requests.last('statusList')?.headers.accept).toBe('application/statuslist+jwt');
});

test.each([1, 2, 4, 8] as const)('with %i bit(s) every token is found at its index with its status', async (bits) => {
  const issuer = await startIssuer({ statusList: { bits, size: 4 } });
  const most = 2 ** bits - 1;
  const statuses = [0, 1, most, 1, 0, most, 0, 1, 1, 0];
  const tokens = [];
  for (const status of statuses) tokens.push(await issuer.token({ status }));
  for (const [at, token] of tokens.entries()) expect(await readStatus(issuer, token)).toBe(statuses[at]);
  expect(issuer.statusList).toMatchObject({ bits, size: 16 });
  await expect(issuer.token({ status: most + 1 })).rejects.toThrow(bits === 8 ? TypeError : RangeError);
});

test('[IS-TSL-1] [IS-IN-5] a status can be changed by name or number, and introspection follows', async () => {
  const issuer = await startIssuer({ statusList: { bits: 4 } });
  const token = await issuer.token({ status: 'valid' });
  const other = await issuer.token({ status: 'valid' });
  for (const [status, value, active] of [
    ['suspended', 2, false],
    ['valid', 0, true],
    [7, 7, true],
    ['invalid', 1, false],
  ] as const) {
    issuer.statusList.set(token, status);
    expect(issuer.statusList.get(token)).toBe(value);
    expect(await readStatus(issuer, token)).toBe(value);
    expect(await readStatus(issuer, other)).toBe(0);
    expect(await stateOf(issuer, token)).toMatchObject({ active });
  }
  expect(() => issuer.statusList.set(token, 16)).toThrow(RangeError);
  expect(() => issuer.statusList.set(token, 'revoked' as 'valid')).toThrow(TypeError);
});

test('revoking a token makes its status invalid', async () => {
  const issuer = await startIssuer();
  const token = await issuer.token({ status: 'valid' });
  issuer.revoke(token);
  expect(await readStatus(issuer, token)).toBe(1);
});

test('an opaque token has its place in the list as well, and introspection names it', async () => {
  const issuer = await startIssuer();
  await issuer.token({ status: 'valid' });
  const token = await issuer.token({ format: 'opaque', status: 'valid' });
  const status = { status_list: { idx: 1, uri: issuer.statusList.uri } };
  expect(await stateOf(issuer, token)).toMatchObject({ active: true, status });
  issuer.statusList.set(token, 'suspended');
  expect(await stateOf(issuer, token)).toEqual({ active: false });
});

test('[IS-F-9] a token that asked for no status has none, and one with a claim of its own goes its own way', async () => {
  const issuer = await startIssuer();
  const plain = await issuer.token();
  expect(claimsOf(plain)).not.toHaveProperty('status');
  expect(() => issuer.statusList.set(plain, 'invalid')).toThrow(RangeError);
  const status = { status_list: { idx: 99_999, uri: issuer.statusList.uri } };
  const beyond = await issuer.token({ status: 'valid', claims: { status } });
  expect(claimsOf(beyond)['status']).toEqual(status);
  expect(() => issuer.statusList.get(beyond)).toThrow(RangeError);
  expect(await stateOf(issuer, beyond)).toMatchObject({ active: true });
});

test('bad tokens can have a status, too', async () => {
  const issuer = await startIssuer();
  expect(await readStatus(issuer, await issuer.bad.expired({ status: 'suspended' }))).toBe(2);
});

test('ttl, exp and Cache-Control are as they were asked for, or left out', async () => {
  const own = { ttlSeconds: 60, expiresInSeconds: 120, cacheControl: 'max-age=1000000000' };
  const issuer = await startIssuer({ statusList: own });
  const { response, text } = await fetchList(issuer);
  expect(response.headers.get('cache-control')).toBe('max-age=1000000000');
  const { payload } = await judged(issuer, text);
  expect(payload).toMatchObject({ ttl: 60, exp: (payload.iat ?? 0) + 120 });
  const without = await startIssuer({ statusList: { ttlSeconds: null, expiresInSeconds: null } });
  expect(Object.keys(claimsOf((await fetchList(without)).text))).toEqual(['sub', 'iat', 'status_list']);
});

test.each<[string, object]>([
  ['bits', { bits: 3 }],
  ['size', { size: 0 }],
  ['size', { size: 1_000_001 }],
  ['ttlSeconds', { ttlSeconds: 0 }],
  ['expiresInSeconds', { expiresInSeconds: 1.5 }],
  ['cacheControl', { cacheControl: 'a\nb' }],
  ['uri', { uri: 'https://example.com' }],
])("the member '%s' of the option statusList in %j is a TypeError that names it", async (name, statusList) => {
  await expect(startIssuer({ statusList: statusList as StatusListOptions })).rejects.toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${name}'`) }),
  );
});

async function faulted(kind: StatusListFault | 429 | 503, options?: FaultOptions) {
  const issuer = await startIssuer();
  await issuer.token({ status: 'valid' });
  await judged(issuer, (await fetchList(issuer)).text);
  issuer.faults.statusList(kind, options);
  return { issuer, ...(await fetchList(issuer)) };
}

const listIn = (text: string): ListClaims => claimsOf(text)['status_list'] as ListClaims;

test.each([
  ['wrongTyp', { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'typ' }],
  ['wrongSubject', { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'sub' }],
  ['expired', { code: 'ERR_JWT_EXPIRED' }],
  ['otherKey', { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' }],
] as const)('[IS-F-9] %s: the list has that one fault', async (kind, refusal) => {
  const { issuer, text } = await faulted(kind);
  await expect(judged(issuer, text)).rejects.toMatchObject(refusal);
});

test('[IS-F-9] wrongBits and badZlib: the list is signed rightly and cannot be read', async () => {
  const bits = await faulted('wrongBits');
  await judged(bits.issuer, bits.text);
  expect(listIn(bits.text).bits).toBe(3);
  const zlib = await faulted('badZlib');
  await judged(zlib.issuer, zlib.text);
  expect(() => inflateSync(Buffer.from(listIn(zlib.text).lst, 'base64url'))).toThrow();
});

test('hmac: signed with what everybody knows', async () => {
  const { issuer, text } = await faulted('hmac');
  expect(headerOf(text)['alg']).toBe('HS256');
  await expect(judged(issuer, text)).rejects.toThrow();
});

test('[IS-F-9] bomb: 128 MiB in less than 256 KiB, or as much as was asked for', async () => {
  const { issuer, text } = await faulted('bomb');
  expect(text.length).toBeLessThan(256 * 1024);
  await judged(issuer, text);
  const small = await faulted('bomb', { inflatedBytes: 3_000_000 });
  expect(inflateSync(Buffer.from(listIn(small.text).lst, 'base64url'))).toHaveLength(3_000_000);
  expect(Buffer.from(listIn(text).lst, 'base64url').length).toBeGreaterThan((128 * 1024 * 1024) / 1040);
});

test('the faults of every endpoint are there as well', async () => {
  const huge = await faulted('huge');
  expect(huge.text.length).toBeGreaterThan(1024 * 1024);
  await judged(huge.issuer, huge.text.trimEnd());
  const busy = await faulted(429, { retryAfter: 3 });
  expect(busy.response.status).toBe(429);
  expect(busy.response.headers.get('retry-after')).toBe('3');
  const elsewhere = await faulted('redirect');
  await judged(elsewhere.issuer, elsewhere.text);
  expect(elsewhere.issuer.requests.count('decoy')).toBe(1);
  expect(() => elsewhere.issuer.faults.statusList('slow', { inflatedBytes: 5000 })).toThrow(TypeError);
  expect(() => elsewhere.issuer.faults.statusList('bomb', { inflatedBytes: 5 })).toThrow(TypeError);
});
