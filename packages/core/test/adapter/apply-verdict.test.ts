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

/** Settles a decision, and tells what the framework was asked to do. */
async function settled(
  decision: Decision<unknown>,
  onDenied: OnDenied<[string]> = 'respond',
  isOver = false,
  isLate = false,
) {
  const asked: unknown[] = [];
  const settlement = {
    isOver: () => isOver,
    setHeaders: (...all: unknown[]) => void asked.push(...all),
    respond: (...all: unknown[]) => asked.push(...all),
  };
  const verdict = { decision, onDenied };
  const outcome = await applyVerdict<[string]>(() => (isLate ? Promise.resolve(verdict) : verdict), settlement, 'ours');
  return { outcome, asked };
}

describe('a verdict', () => {
  it('that grants is admitted, with its headers', async () => {
    expect(await settled(granted)).toEqual({ outcome: 'admitted', asked: [granted.headers, 'ours'] });
  });

  it('that denies is answered, handed on, or left to the application', async () => {
    expect(await settled(denied)).toEqual({ outcome: 'settled', asked: [denied, 'ours'] });
    expect(await settled(denied, 'delegate')).toEqual({ outcome: error, asked: [] });
    const given: unknown[] = [];
    expect(await settled(denied, (...all) => given.push(...all))).toEqual({ outcome: 'settled', asked: [] });
    expect(given).toEqual([denied, 'ours']);
  });

  it('that comes late is carried out the same, and one that is there at once', async () => {
    expect(await settled(granted, 'respond', false, true)).toEqual(await settled(granted));
    expect(await settled(denied, 'respond', false, true)).toEqual(await settled(denied));
    const never = { isOver: () => false, setHeaders: () => {}, respond: () => {} };
    expect(applyVerdict(() => ({ decision: granted, onDenied: 'respond' }), never)).toBe('admitted');
  });

  it('is settled when the application has answered', async () => {
    let isAnswered = false;
    const onDenied = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isAnswered = true;
    };
    expect((await settled(denied, onDenied)).outcome).toBe('settled');
    expect(isAnswered).toBe(true);
  });

  it('is settled no sooner where what the application answers with is a function with a then', async () => {
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
    expect((await settled(denied, onDenied)).outcome).toBe('settled');
    expect(isAnswered).toBe(true);
  });

  it('that nobody waits for any more is settled, whatever it is', async () => {
    expect(await settled(granted, 'respond', true, true)).toEqual({ outcome: 'settled', asked: [] });
    expect(await settled(denied, 'respond', true, true)).toEqual({ outcome: 'settled', asked: [] });
    expect(await settled(denied, 'delegate', true)).toEqual({ outcome: 'settled', asked: [] });
  });

  it.each([undefined, null, 'route', 0, false, {}])(
    'that fails with %j becomes an Error, with it as the cause',
    async (thrown) => {
      const { outcome } = await settled(denied, () => Promise.reject(thrown));
      expect(outcome).toBeInstanceOf(Error);
      expect((outcome as Error).cause).toBe(thrown);
    },
  );

  it('that fails with an Error is that Error, also when no verdict came', async () => {
    const failure = new Error('mine');
    expect((await settled(denied, () => Promise.reject(failure))).outcome).toBe(failure);
    const never = { isOver: () => false, setHeaders: () => {}, respond: () => {} };
    expect(await applyVerdict(() => Promise.reject(failure), never)).toBe(failure);
    const thrower = () => {
      throw failure;
    };
    expect(applyVerdict(thrower, never)).toBe(failure);
    expect(applyVerdict(() => ({ decision: denied, onDenied: thrower }), never)).toBe(failure);
  });
});

describe('req.auth and its like', () => {
  it('is who was admitted, and nobody after a refusal', () => {
    const target = {};
    exposeAuth(target, { decision: granted });
    expect(target).toEqual({ auth: granted.auth });
    exposeAuth(target, { decision: denied });
    expect(target).toEqual({ auth: undefined });
  });

  it('stays somebody else’s where it cannot be written', () => {
    const target = Object.freeze({ auth: 'theirs' });
    exposeAuth(target, { decision: granted });
    expect(target.auth).toBe('theirs');
  });
});
