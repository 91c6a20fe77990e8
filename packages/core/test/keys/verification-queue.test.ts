import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PublicKey } from '../../src/jws/public-key.js';
import { verifySignatureInPool } from '../../src/jws/verify.js';
import { VerificationQueue } from '../../src/keys/verification-queue.js';
import { Refusal } from '../../src/model/refusal.js';
import { publicKeyOf } from '../support/public-keys.js';
import { signerOf } from '../support/signers.js';
import { engineOf, type PoolEngine, promisedEngine } from '../support/verify-both-ways.js';
import { type Deferred, deferred } from '../support-network/scripted-fetcher.js';

// Signatures are verified by the real engine. A test may delay one, to observe the queue order.
vi.mock('../../src/jws/verify.js', { spy: true });

const { verifySignatureInPool: pool } =
  await vi.importActual<typeof import('../../src/jws/verify.js')>('../../src/jws/verify.js');
const engine = promisedEngine(pool);
const signer = signerOf('ES256');
const key = publicKeyOf(signer);
type VerifyArgs = readonly [key: PublicKey, input: string, signature: Uint8Array];
const good = (input: string): VerifyArgs => [key, input, signer.sign(input)];
const wrong = (input: string): VerifyArgs => [key, input, signer.sign(`not ${input}`)];
const generousLimits = { maxInFlight: 2, maxWaitMilliseconds: 60_000, isParallel: true };

/** The inputs whose verification has started, in order, and how many are in flight. */
let started: string[];
let inFlight: number;
let mostInFlight: number;
let held: Map<string, Deferred<void>>;

beforeEach(() => {
  started = [];
  inFlight = 0;
  mostInFlight = 0;
  held = new Map();
  vi.mocked(verifySignatureInPool).mockImplementation(engineOf(observed));
});

afterEach(() => {
  vi.useRealTimers();
});

async function observed(used: PublicKey, input: string, signature: Uint8Array): Promise<boolean> {
  started.push(input);
  inFlight += 1;
  mostInFlight = Math.max(mostInFlight, inFlight);
  try {
    await held.get(input)?.promise;
    return await engine(used, input, signature);
  } finally {
    inFlight -= 1;
  }
}

function hold(...inputs: readonly string[]): void {
  for (const input of inputs) held.set(input, deferred<void>());
}

const nextEventLoopTurn = () => new Promise((resolve) => setImmediate(resolve));
const codeOf = (verdict: boolean | Refusal) => (verdict instanceof Refusal ? verdict.code : verdict);

describe('verification of signatures in the thread pool (D-29)', () => {
  it('valid and invalid signatures are told apart in the queue as well (D-29)', async () => {
    const queue = new VerificationQueue(generousLimits);
    const all = Array.from({ length: 40 }, (_, at) => queue.verify(...(at % 3 === 0 ? wrong : good)(`input ${at}`)));
    expect(await Promise.all(all)).toEqual(all.map((_, at) => at % 3 !== 0));
  });

  it('the verification queue never exceeds maxInFlight', async () => {
    const queue = new VerificationQueue(generousLimits);
    await Promise.all(Array.from({ length: 40 }, (_, at) => queue.verify(...good(`input ${at}`))));
    expect(mostInFlight).toBe(2);
    await queue.verify(...good('later'));
    expect(inFlight).toBe(0);
  });

  it('the verification queue has 64 signatures in flight by default', async () => {
    const queue = new VerificationQueue();
    await Promise.all(Array.from({ length: 200 }, (_, at) => queue.verify(...good(`input ${at}`))));
    expect(mostInFlight).toBe(64);
  });

  it('queued signatures are verified in the order of arrival', async () => {
    hold('1', '2');
    const queue = new VerificationQueue(generousLimits);
    const all = ['1', '2', '3', '4', '5', '6'].map((input) => queue.verify(...good(input)));
    await nextEventLoopTurn();
    expect(started).toEqual(['1', '2']);
    held.get('2')?.resolve();
    held.get('1')?.resolve();
    expect(await Promise.all(all)).toEqual([true, true, true, true, true, true]);
    expect(started).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('a new signature does not overtake queued ones when a slot becomes free', async () => {
    hold('1', '2', '3');
    const queue = new VerificationQueue(generousLimits);
    const first = queue.verify(...good('1'));
    const others = ['2', '3', '4'].map((input) => queue.verify(...good(input)));
    const late = Promise.resolve(first).then(() => queue.verify(...good('late')));
    held.get('1')?.resolve();
    await first;
    await nextEventLoopTurn();
    expect(started).toEqual(['1', '2', '3']);
    held.get('2')?.resolve();
    held.get('3')?.resolve();
    expect(await Promise.all([...others, late])).toEqual([true, true, true, true]);
    expect(started).toEqual(['1', '2', '3', '4', 'late']);
  });

  it('a signature queued for longer than maxWaitMilliseconds is refused and never verified', async () => {
    hold('1');
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 20, isParallel: true });
    const first = queue.verify(...good('1'));
    const refused = await queue.verify(...good('2'));
    expect(refused).toMatchObject({ code: 'verification_overloaded', fields: { retryAfterSeconds: 1 } });
    held.get('1')?.resolve();
    expect(await first).toBe(true);
    expect(started).toEqual(['1']);
  });

  it('a refused entry takes no slot: the next queued signature is verified', async () => {
    hold('1', '3');
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 50, isParallel: true });
    const first = queue.verify(...good('1'));
    expect(codeOf(await queue.verify(...good('2')))).toBe('verification_overloaded');
    const third = queue.verify(...good('3'));
    held.get('1')?.resolve();
    held.get('3')?.resolve();
    expect(await Promise.all([first, third, queue.verify(...good('4'))])).toEqual([true, true, true]);
    expect(started).toEqual(['1', '3', '4']);
  });

  it('maxWaitMilliseconds limits the time in the queue, not the verification', async () => {
    hold('1');
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 10, isParallel: true });
    const first = queue.verify(...good('1'));
    await queue.verify(...good('2'));
    held.get('1')?.resolve();
    expect(await first).toBe(true);
  });

  it.each<[string, PoolEngine]>([
    ['rejects', engineOf(() => Promise.reject(new Error('engine')))],
    [
      'throws',
      () => {
        throw new Error('engine');
      },
    ],
  ])('an engine that %s releases its slot', async (_, failing) => {
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 60_000, isParallel: true });
    vi.mocked(verifySignatureInPool).mockImplementationOnce(failing).mockImplementationOnce(failing);
    const failures = ['1', '2'].map((input) => expect(queue.verify(...good(input))).rejects.toThrow('engine'));
    expect(await Promise.all([queue.verify(...good('3')), queue.verify(...good('4'))])).toEqual([true, true]);
    await Promise.all(failures);
  });

  it('a verification that throws null is false and releases its slot', async () => {
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 60_000, isParallel: true });
    vi.mocked(verifySignatureInPool).mockImplementationOnce(() => {
      throw null;
    });
    expect(await queue.verify(...good('1'))).toBe(false);
    expect(await queue.verify(...good('2'))).toBe(true);
  });

  it('invalid signatures, also those of a wrong length, release their slots', async () => {
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 60_000, isParallel: true });
    const bad: VerifyArgs[] = [wrong('1'), [key, '2', new Uint8Array(3)], wrong('3'), [key, '4', new Uint8Array()]];
    expect(await Promise.all(bad.map((one) => queue.verify(...one)))).toEqual([false, false, false, false]);
    expect(await queue.verify(...good('5'))).toBe(true);
  });

  it('the verification queue leaves no timer running', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    hold('1');
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 60_000, isParallel: true });
    const all = ['1', '2', '3'].map((input) => queue.verify(...good(input)));
    expect(vi.getTimerCount()).toBe(2);
    held.get('1')?.resolve();
    await Promise.all(all);
    expect(vi.getTimerCount()).toBe(0);
  });
});
