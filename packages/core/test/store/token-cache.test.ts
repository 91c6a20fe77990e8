import { inspect } from 'node:util';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifySignature } from '../../src/jws/verify.js';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';

vi.mock('../../src/jws/verify.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/jws/verify.js')>();
  return { verifySignature: vi.fn(original.verifySignature) };
});

const verifications = vi.mocked(verifySignature).mock;
const audience = 'https://api.example.com';

let issuer: MockIssuer;
let server: ResourceServer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});
afterEach(async () => {
  vi.mocked(verifySignature).mockClear();
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

describe('D-24: a token that was verified', () => {
  it('costs no signature the next time', async () => {
    serve();
    const token = await issuer.token();
    for (let time = 0; time < 5; time++) expect(await verdictOf(token)).toBe('granted');
    expect(verifications.calls).toHaveLength(1);
  });

  it('costs one each time where nothing is remembered', async () => {
    serve(false);
    const token = await issuer.token();
    for (let time = 0; time < 3; time++) expect(await verdictOf(token)).toBe('granted');
    expect(verifications.calls).toHaveLength(3);
  });

  it('expires all the same', async () => {
    serve();
    const token = await issuer.token({ expiresInSeconds: 60 });
    expect(await verdictOf(token)).toBe('granted');
    issuer.clock.advance(91);
    expect(await verdictOf(token)).toBe('token_expired');
    expect(verifications.calls).toHaveLength(1);
  });

  it('dies with its key', async () => {
    serve();
    const token = await issuer.token({ expiresInSeconds: 7200 });
    const { kid } = await issuer.keys.current();
    expect(await verdictOf(token)).toBe('granted');
    issuer.keys.withdraw(kid);
    issuer.clock.advance(601);
    expect(await verdictOf(token)).toBe('key_unknown');
  });

  it('is not remembered when it was refused', async () => {
    serve();
    for (const token of [await issuer.bad.tampered(), await issuer.bad.expired(), await issuer.bad.wrongAudience()]) {
      await verdictOf(token);
      await verdictOf(token);
    }
    expect(verifications.calls).toHaveLength(6);
  });

  it('is not kept in the clear', async () => {
    serve();
    const token = await issuer.token();
    await verdictOf(token);
    expect(inspect(server, { depth: 20, showHidden: true })).not.toContain(token);
  });
});

describe('D-28: the memory', () => {
  it('is bounded by entries: what was used least recently goes', async () => {
    serve({ maxEntries: 2 });
    const [first, second, third] = [await issuer.token(), await issuer.token(), await issuer.token()];
    for (const token of [first, second, first, third]) await verdictOf(token);
    expect(verifications.calls).toHaveLength(3);
    await verdictOf(first);
    expect(verifications.calls).toHaveLength(3);
    await verdictOf(second);
    expect(verifications.calls).toHaveLength(4);
  });

  it('is bounded by the octets of the tokens', async () => {
    serve({ maxBytes: 65_536 });
    const filler = 'x'.repeat(5000);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.token({ claims: { filler } })));
    for (const token of tokens) await verdictOf(token);
    await verdictOf(tokens[0] ?? '');
    expect(verifications.calls).toHaveLength(21);
    await verdictOf(tokens.at(-1) ?? '');
    expect(verifications.calls).toHaveLength(21);
  });

  it('is not filled by garbage, which is not even hashed', async () => {
    serve({ maxEntries: 1 });
    const token = await issuer.token();
    await verdictOf(token);
    for (let at = 0; at < 50; at++) await verdictOf(`garbage-${at}`);
    for (let at = 0; at < 50; at++) await verdictOf(await issuer.bad.forgedKid());
    vi.mocked(verifySignature).mockClear();
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
  ])('refuses %j as an option', (tokenCache) => {
    serve();
    expect(() => createResourceServer({ issuer: issuer.issuer, audience, tokenCache: tokenCache as never })).toThrow(
      /tokenCache/,
    );
  });
});
