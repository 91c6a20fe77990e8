import { inspect } from 'node:util';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TokenCache } from '../../src/cache/token-cache.js';
import { verifySignatureInPool } from '../../src/jws/verify.js';
import { Credential } from '../../src/model/stages.js';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';
import { localVerification, verifiedToken } from '../support/stages.js';

// With a single CPU no signature would be verified in the thread pool.
vi.mock('node:os', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:os')>()),
  availableParallelism: () => 2,
}));

vi.mock('../../src/jws/verify.js', { spy: true });

const verifications = vi.mocked(verifySignatureInPool).mock;
const audience = 'https://api.example.com';

let issuer: MockIssuer;
let server: ResourceServer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});
afterEach(async () => {
  vi.mocked(verifySignatureInPool).mockClear();
  await server.close();
});
afterAll(() => issuer.close());

function serve(tokenCache?: false | { maxEntries?: number; maxBytes?: number }): void {
  server = createResourceServer({
    issuer: issuer.issuer,
    audience,
    clock: issuer.clock,
    ...(tokenCache !== undefined && { tokenCache }),
  });
}

async function verdictOf(token: string): Promise<string> {
  const decision = await server.checkToken(token);
  return decision.granted ? 'granted' : decision.error.code;
}

describe('caching of verified tokens (D-24)', () => {
  it('a cached token is accepted without another signature verification', async () => {
    serve();
    const token = await issuer.token();
    for (let time = 0; time < 5; time++) expect(await verdictOf(token)).toBe('granted');
    expect(verifications.calls).toHaveLength(1);
  });

  it('with tokenCache false the signature is verified for each request', async () => {
    serve(false);
    const token = await issuer.token();
    for (let time = 0; time < 3; time++) expect(await verdictOf(token)).toBe('granted');
    expect(verifications.calls).toHaveLength(3);
  });

  it('a cached token expires at its exp', async () => {
    serve();
    const token = await issuer.token({ expiresInSeconds: 60 });
    expect(await verdictOf(token)).toBe('granted');
    issuer.clock.advance(91);
    expect(await verdictOf(token)).toBe('token_expired');
    expect(verifications.calls).toHaveLength(1);
  });

  it('a cached token is refused when its key is withdrawn', async () => {
    serve();
    const token = await issuer.token({ expiresInSeconds: 7200 });
    const { kid } = await issuer.keys.current();
    expect(await verdictOf(token)).toBe('granted');
    issuer.keys.withdraw(kid);
    issuer.clock.advance(601);
    expect(await verdictOf(token)).toBe('key_unknown');
  });

  it('refused tokens are not cached', async () => {
    serve();
    for (const token of [await issuer.bad.tampered(), await issuer.bad.expired(), await issuer.bad.wrongAudience()]) {
      await verdictOf(token);
      await verdictOf(token);
    }
    expect(verifications.calls).toHaveLength(6);
  });

  it('the token cache does not contain the token in plain text', async () => {
    serve();
    const token = await issuer.token();
    await verdictOf(token);
    expect(inspect(server, { depth: 20, showHidden: true })).not.toContain(token);
  });
});

describe('token validated under new rules (D-24)', () => {
  it('a token that is validated again replaces its cached result', () => {
    const cache = new TokenCache({ maxEntries: 10, maxBytes: 65_536 });
    const { credential } = verifiedToken();
    const [before, now] = [localVerification(), localVerification()];
    cache.set(credential, before);
    expect(cache.get(credential)).toBe(before);
    cache.set(credential, now);
    expect(cache.get(credential)).toBe(now);
  });
});

describe('tokens that share a cache key (D-24)', () => {
  const end = 'the-same-end';
  const first = new Credential('Bearer', `e30.e30.first-${end}`);
  const second = new Credential('Bearer', `e30.e30.second-${end}`);

  it('a token with the cache key of another one gets no result and does not evict it', () => {
    const cache = new TokenCache({ maxEntries: 10, maxBytes: 65_536 });
    const verification = localVerification();
    cache.set(first, verification);
    expect(cache.get(second)).toBeUndefined();
    expect(cache.get(first)).toBe(verification);
  });

  it('a token with the cache key of another one replaces it when it is stored', () => {
    const cache = new TokenCache({ maxEntries: 10, maxBytes: 65_536 });
    const verification = localVerification();
    cache.set(first, localVerification());
    cache.set(second, verification);
    expect(cache.get(first)).toBeUndefined();
    expect(cache.get(second)).toBe(verification);
  });

  it('a token with the cache key of a cached one is verified by its own signature', async () => {
    serve();
    const token = await issuer.token();
    expect(await verdictOf(token)).toBe('granted');
    const [header, payload, signature = ''] = token.split('.');
    const claims: object = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'another user' })).toString('base64url');
    const another = signature.replace(/^./, (character) => (character === 'A' ? 'B' : 'A'));
    for (const bad of [`${header}.${forged}.${signature}`, `${header}.${payload}.${another}`])
      expect(await verdictOf(bad)).toBe('signature_invalid');
    vi.mocked(verifySignatureInPool).mockClear();
    expect(await verdictOf(token)).toBe('granted');
    expect(verifications.calls).toHaveLength(0);
  });
});

describe('limits of the token cache (D-28)', () => {
  it('the token cache has an entry limit and evicts the least recently used token', async () => {
    serve({ maxEntries: 2 });
    const [first, second, third] = [await issuer.token(), await issuer.token(), await issuer.token()];
    for (const token of [first, second, second, first, third, third]) await verdictOf(token);
    vi.mocked(verifySignatureInPool).mockClear();
    for (const token of [third, first]) await verdictOf(token);
    expect(verifications.calls).toHaveLength(0);
    await verdictOf(second);
    expect(verifications.calls).toHaveLength(1);
  });

  it('the token cache has a limit in octets of the tokens', async () => {
    serve({ maxBytes: 65_536 });
    const filler = 'x'.repeat(5000);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.token({ claims: { filler } })));
    for (const token of [...tokens, ...tokens]) await verdictOf(token);
    vi.mocked(verifySignatureInPool).mockClear();
    for (const token of tokens.slice(-9)) await verdictOf(token);
    expect(verifications.calls).toHaveLength(0);
    for (const token of tokens.slice(0, 11)) await verdictOf(token);
    expect(verifications.calls).toHaveLength(11);
  });

  it('beyond its first eighth the token cache stores a token only when it is seen twice', async () => {
    serve({ maxEntries: 16 });
    const tokens = await Promise.all(Array.from({ length: 4 }, () => issuer.token()));
    for (const token of tokens) await verdictOf(token);
    vi.mocked(verifySignatureInPool).mockClear();
    for (const token of tokens) await verdictOf(token);
    expect(verifications.calls).toHaveLength(2);
    for (const token of tokens) await verdictOf(token);
    expect(verifications.calls).toHaveLength(2);
  });

  it('tokens in use stay cached while many one-time tokens arrive', async () => {
    serve({ maxEntries: 10 });
    const used = await Promise.all(Array.from({ length: 10 }, () => issuer.token()));
    for (const token of [...used, ...used]) await verdictOf(token);
    for (let at = 0; at < 100; at++) await verdictOf(await issuer.token());
    vi.mocked(verifySignatureInPool).mockClear();
    for (const token of used) await verdictOf(token);
    expect(verifications.calls).toHaveLength(0);
  });

  it('forged tokens are not cached and not even hashed', async () => {
    serve({ maxEntries: 1 });
    const token = await issuer.token();
    await verdictOf(token);
    for (let at = 0; at < 50; at++) await verdictOf(`garbage-${at}`);
    for (let at = 0; at < 50; at++) await verdictOf(await issuer.bad.forgedKid());
    vi.mocked(verifySignatureInPool).mockClear();
    await verdictOf(token);
    expect(verifications.calls).toHaveLength(0);
  });

  it.each([
    { maxEntries: 0 },
    { maxEntries: 1.5 },
    { maxEntries: '5' },
    { maxBytes: 1000 },
    { maxSize: 5 },
    true,
    null,
  ])('the tokenCache option %j is refused', (tokenCache) => {
    serve();
    expect(() => createResourceServer({ issuer: issuer.issuer, audience, tokenCache: tokenCache as never })).toThrow(
      /tokenCache/,
    );
  });
});
