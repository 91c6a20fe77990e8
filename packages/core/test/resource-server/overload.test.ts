import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifySignatureInPool } from '../../src/jws/verify.js';
import type { Decision } from '../../src/model/decision.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { engineOf, promisedEngine } from '../support/verify-both-ways.js';
import { audience, bearer, denialOf, headerOf, nobody, offlineServerOf, verdict } from '../support-network/ask.js';
import { type Deferred, deferred } from '../support-network/scripted-fetcher.js';

// On a machine with one CPU nothing goes to the thread pool.
vi.mock('node:os', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:os')>()),
  availableParallelism: () => 2,
}));

// The real engine, unless a test holds it up.
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

/** An engine that verifies nothing until it is let go. */
function heldEngine(): Deferred<void> {
  const held = deferred<void>();
  vi.mocked(verifySignatureInPool).mockImplementation(
    engineOf(async (...asked) => {
      await held.promise;
      return engine(...asked);
    }),
  );
  return held;
}

function tokens(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => issuer.token()));
}

function askAll(all: readonly string[], options: Partial<ResourceServerOptions> = {}): Promise<Decision>[] {
  const server = offlineServerOf(issuer, options as Partial<ResourceServerOptions<never>>);
  return all.map((token) => server.check(bearer(token)) as Promise<Decision>);
}

describe('D-29: more signatures than this process can verify', () => {
  it('500 good tokens at once are all admitted, 64 at a time', async () => {
    let inFlight = 0;
    let most = 0;
    vi.mocked(verifySignatureInPool).mockImplementation(
      engineOf(async (...asked) => {
        most = Math.max(most, ++inFlight);
        return engine(...asked).finally(() => inFlight--);
      }),
    );
    const decisions = await Promise.all(askAll(await tokens(500), { tokenCache: false }));
    expect(new Set(decisions.map(verdict))).toEqual(new Set(['granted']));
    expect([most, inFlight]).toEqual([64, 0]);
  });

  it('who waited 3 s for a turn gets 503 and Retry-After: 1; who has a turn is judged', async () => {
    const all = await tokens(70);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const held = heldEngine();
    const asked = askAll(all);
    await vi.advanceTimersByTimeAsync(2999);
    let isAnswered = false;
    void Promise.any(asked).then(() => {
      isAnswered = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(isAnswered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const overloaded = await Promise.all(asked.slice(64));
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
    const judged = await Promise.all(asked.slice(0, 64));
    expect(new Set(judged.map(verdict))).toEqual(new Set(['granted']));
  });

  it('optional credentials make nobody of who waited too long', async () => {
    const all = await tokens(65);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const held = heldEngine();
    const asked = askAll(all, { credentials: 'optional' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(verdict(await (asked[64] as Promise<Decision>))).toBe('verification_overloaded');
    held.resolve();
    const server = offlineServerOf(issuer, { credentials: 'optional' });
    expect(await server.check(nobody())).toMatchObject({ granted: true, auth: null });
  });

  it('a remembered token needs no turn', async () => {
    const server = offlineServerOf(issuer);
    const [remembered = '', ...others] = await tokens(65);
    expect(verdict(await server.check(bearer(remembered)))).toBe('granted');
    const held = heldEngine();
    const asked = others.map((token) => server.check(bearer(token)));
    expect(verdict(await server.check(bearer(remembered)))).toBe('granted');
    held.resolve();
    expect(new Set((await Promise.all(asked)).map(verdict))).toEqual(new Set(['granted']));
  });

  it('wrong signatures and a failing engine leave every place to the next', async () => {
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
