import { describe, expect, it } from 'vitest';
import { applyVerdict } from '../../src/adapter/apply-verdict.js';
import type { OnDenied } from '../../src/adapter/auth-middleware-options.js';
import { exposeAuth } from '../../src/adapter/expose-auth.js';
import { AccessError } from '../../src/errors.js';
import type { Decision, Denied } from '../../src/model/decision.js';
import { fakeAuth } from '../../src/testing.js';

const granted: Decision<unknown> = { granted: true, auth: fakeAuth(), headers: [['DPoP-Nonce', 'n']] };
const error = new AccessError({ code: 'token_expired', status: 401, message: 'x', headers: {}, detail: {} });
const denied: Denied = { granted: false, status: 401, headers: [], body: '{}', error };

/** Applies a decision. Returns the outcome and the calls to the framework. */
async function apply(
  decision: Decision<unknown>,
  onDenied: OnDenied<[string]> = 'respond',
  isOver = false,
  isLate = false,
) {
  const calls: unknown[] = [];
  const settlement = {
    isOver: () => isOver,
    setHeaders: (...all: unknown[]) => void calls.push(...all),
    respond: (...all: unknown[]) => calls.push(...all),
  };
  const verdict = { decision, onDenied };
  const outcome = await applyVerdict<[string]>(() => (isLate ? Promise.resolve(verdict) : verdict), settlement, 'ours');
  return { outcome, calls };
}

describe('applyVerdict', () => {
  it('a granted decision is admitted, and its headers are set', async () => {
    expect(await apply(granted)).toEqual({ outcome: 'admitted', calls: [granted.headers, 'ours'] });
  });

  it('a denied decision is answered, passed on as an error, or left to the onDenied function', async () => {
    expect(await apply(denied)).toEqual({ outcome: 'settled', calls: [denied, 'ours'] });
    expect(await apply(denied, 'delegate')).toEqual({ outcome: error, calls: [] });
    const given: unknown[] = [];
    expect(await apply(denied, (...all) => given.push(...all))).toEqual({ outcome: 'settled', calls: [] });
    expect(given).toEqual([denied, 'ours']);
  });

  it('applyVerdict treats a promised verdict like an immediate one, and stays synchronous if it can', async () => {
    expect(await apply(granted, 'respond', false, true)).toEqual(await apply(granted));
    expect(await apply(denied, 'respond', false, true)).toEqual(await apply(denied));
    const settlement = { isOver: () => false, setHeaders: () => {}, respond: () => {} };
    expect(applyVerdict(() => ({ decision: granted, onDenied: 'respond' }), settlement)).toBe('admitted');
  });

  it('applyVerdict is settled after the promise of onDenied has resolved', async () => {
    let isAnswered = false;
    const onDenied = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isAnswered = true;
    };
    expect((await apply(denied, onDenied)).outcome).toBe('settled');
    expect(isAnswered).toBe(true);
  });

  it('applyVerdict waits for a thenable that is a function', async () => {
    let isAnswered = false;
    const onDenied = () =>
      Object.assign(() => {}, {
        // biome-ignore lint/suspicious/noThenProperty: what is tested
        then(fulfilled: () => void) {
          setImmediate(() => {
            isAnswered = true;
            fulfilled();
          });
        },
      });
    expect((await apply(denied, onDenied)).outcome).toBe('settled');
    expect(isAnswered).toBe(true);
  });

  it('a verdict for a response that has ended is settled, whether granted or denied', async () => {
    expect(await apply(granted, 'respond', true, true)).toEqual({ outcome: 'settled', calls: [] });
    expect(await apply(denied, 'respond', true, true)).toEqual({ outcome: 'settled', calls: [] });
    expect(await apply(denied, 'delegate', true)).toEqual({ outcome: 'settled', calls: [] });
  });

  it.each([undefined, null, 'route', 0, false, {}])(
    'an onDenied that rejects with %j yields an Error with that value as its cause',
    async (thrown) => {
      const { outcome } = await apply(denied, () => Promise.reject(thrown));
      expect(outcome).toBeInstanceOf(Error);
      expect((outcome as Error).cause).toBe(thrown);
    },
  );

  it('a failure that is an Error is the outcome itself, also when no verdict was reached', async () => {
    const failure = new Error('mine');
    expect((await apply(denied, () => Promise.reject(failure))).outcome).toBe(failure);
    const settlement = { isOver: () => false, setHeaders: () => {}, respond: () => {} };
    expect(await applyVerdict(() => Promise.reject(failure), settlement)).toBe(failure);
    const thrower = () => {
      throw failure;
    };
    expect(applyVerdict(thrower, settlement)).toBe(failure);
    expect(applyVerdict(() => ({ decision: denied, onDenied: thrower }), settlement)).toBe(failure);
  });
});

describe('exposeAuth, which sets req.auth', () => {
  it('exposeAuth sets req.auth after a grant and clears it after a refusal', () => {
    const target = {};
    exposeAuth(target, { decision: granted });
    expect(target).toEqual({ auth: granted.auth });
    exposeAuth(target, { decision: denied });
    expect(target).toEqual({ auth: undefined });
  });

  it('exposeAuth leaves a property that is not writable unchanged', () => {
    const target = Object.freeze({ auth: 'theirs' });
    exposeAuth(target, { decision: granted });
    expect(target.auth).toBe('theirs');
  });
});
