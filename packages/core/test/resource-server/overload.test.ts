import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifySignatureInPool } from '../../src/jws/verify.js';
import type { Decision } from '../../src/model/decision.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { engineOf, promisedEngine } from '../support/verify-both-ways.js';
import { anonymous, audience, bearer, denialOf, headerOf, offlineServerOf, verdict } from '../support-network/ask.js';
import { type Deferred, deferred } from '../support-network/scripted-fetcher.js';

// On a machine with one CPU the thread pool is not used.
vi.mock('node:os', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:os')>()),
  availableParallelism: () => 2,
}));

// The real engine, unless a test replaces it.
vi.mock('../../src/jws/verify.js', { spy: true });

const { verifySignatureInPool: pool } =
  await vi.importActual<typeof import('../../src/jws/verify.js')>('../../src/jws/verify.js');
const engine = promisedEngine(pool);

let issuer: MockIssuer;

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});

afterEach(() => {
  vi.useRealTimers();
  vi.mocked(verifySignatureInPool).mockReset().mockImplementation(pool);
});

afterAll(() => issuer.close());

/** An engine that verifies nothing until `resolve()` is called. */
function heldEngine(): Deferred<void> {
  const held = deferred<void>();
  vi.mocked(verifySignatureInPool).mockImplementation(
    engineOf(async (...args) => {
      await held.promise;
      return engine(...args);
    }),
  );
  return held;
}

function tokens(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => issuer.token()));
}

function checkAll(all: readonly string[], options: Partial<ResourceServerOptions> = {}): Promise<Decision>[] {
  const server = offlineServerOf(issuer, options as Partial<ResourceServerOptions<never>>);
  return all.map((token) => server.check(bearer(token)) as Promise<Decision>);
}

describe('overload of signature verification (D-29)', () => {
  it('500 valid tokens at once are all granted, and at most 64 are verified at a time (D-29)', async () => {
    let inFlight = 0;
    let most = 0;
    vi.mocked(verifySignatureInPool).mockImplementation(
      engineOf(async (...args) => {
        most = Math.max(most, ++inFlight);
        return engine(...args).finally(() => inFlight--);
      }),
    );
    const decisions = await Promise.all(checkAll(await tokens(500), { tokenCache: false }));
    expect(new Set(decisions.map(verdict))).toEqual(new Set(['granted']));
    expect([most, inFlight]).toEqual([64, 0]);
  });

  it('a request that waits 3 s for a slot is answered with 503 and Retry-After 1, others are verified', async () => {
    const all = await tokens(70);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const held = heldEngine();
    const checks = checkAll(all);
    await vi.advanceTimersByTimeAsync(2999);
    let isAnswered = false;
    void Promise.any(checks).then(() => {
      isAnswered = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(isAnswered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const overloaded = await Promise.all(checks.slice(64));
    for (const decision of overloaded) {
      const denial = denialOf(decision);
      expect([denial.status, denial.error.code, headerOf(denial, 'Retry-After')]).toEqual([
        503,
        'verification_overloaded',
        '1',
      ]);
      expect(headerOf(denial, 'WWW-Authenticate')).toBeUndefined();
      expect(headerOf(denial, 'Cache-Control')).toBe('no-store');
    }
    held.resolve();
    const verified = await Promise.all(checks.slice(0, 64));
    expect(new Set(verified.map(verdict))).toEqual(new Set(['granted']));
  });

  it('with optional credentials an overload causes a 503 response, and no anonymous request', async () => {
    const all = await tokens(65);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const held = heldEngine();
    const checks = checkAll(all, { credentials: 'optional' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(verdict(await (checks[64] as Promise<Decision>))).toBe('verification_overloaded');
    held.resolve();
    const server = offlineServerOf(issuer, { credentials: 'optional' });
    expect(await server.check(anonymous())).toMatchObject({ granted: true, auth: null });
  });

  it('a token in the token cache is granted without a verification slot', async () => {
    const server = offlineServerOf(issuer);
    const [cached = '', ...others] = await tokens(65);
    expect(verdict(await server.check(bearer(cached)))).toBe('granted');
    const held = heldEngine();
    const checks = others.map((token) => server.check(bearer(token)));
    expect(verdict(await server.check(bearer(cached)))).toBe('granted');
    held.resolve();
    expect(new Set((await Promise.all(checks)).map(verdict))).toEqual(new Set(['granted']));
  });

  it('invalid signatures and engine failures release their verification slots', async () => {
    const server = offlineServerOf(issuer, { tokenCache: false });
    const wrong = await Promise.all(Array.from({ length: 100 }, () => issuer.bad.foreignSignature()));
    const refused = await Promise.all(wrong.map((token) => server.check(bearer(token))));
    expect(new Set(refused.map(verdict))).toEqual(new Set(['signature_invalid']));
    vi.mocked(verifySignatureInPool).mockImplementation(engineOf(() => Promise.reject(new Error('engine'))));
    const failed = await Promise.all((await tokens(100)).map((token) => server.check(bearer(token))));
    expect(new Set(failed.map(verdict))).toEqual(new Set(['internal_failure']));
    vi.mocked(verifySignatureInPool).mockImplementation(pool);
    const good = await Promise.all((await tokens(100)).map((token) => server.check(bearer(token))));
    expect(new Set(good.map(verdict))).toEqual(new Set(['granted']));
  });
});
