import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PublicKey } from '../../src/jws/public-key.js';
import { verifySignatureInPool } from '../../src/jws/verify.js';
import { VerificationQueue } from '../../src/keys/verification-queue.js';
import { Refusal } from '../../src/model/refusal.js';
import { publicKeyOf } from '../support/public-keys.js';
import { signerOf } from '../support/signers.js';
import { engineOf, type PoolEngine, promisedEngine } from '../support/verify-both-ways.js';
import { type Deferred, deferred } from '../support-network/scripted-fetcher.js';

// Signatures are verified by the real engine; a test may hold one back, to see who waits for whom.
vi.mock('../../src/jws/verify.js', { spy: true });

const { verifySignatureInPool: pool } =
  await vi.importActual<typeof import('../../src/jws/verify.js')>('../../src/jws/verify.js');
const engine = promisedEngine(pool);
const signer = signerOf('ES256');
const key = publicKeyOf(signer);
type Asked = readonly [key: PublicKey, input: string, signature: Uint8Array];
const good = (input: string): Asked => [key, input, signer.sign(input)];
const wrong = (input: string): Asked => [key, input, signer.sign(`not ${input}`)];
const patient = { maxInFlight: 2, maxWaitMilliseconds: 60_000, isParallel: true };

/** What the engine was begun with, in order, and how many of it are under way. */
let begun: string[];
let inFlight: number;
let mostInFlight: number;
let held: Map<string, Deferred<void>>;

beforeEach(() => {
  begun = [];
  inFlight = 0;
  mostInFlight = 0;
  held = new Map();
  vi.mocked(verifySignatureInPool).mockImplementation(engineOf(observed));
});

afterEach(() => {
  vi.useRealTimers();
});

async function observed(used: PublicKey, input: string, signature: Uint8Array): Promise<boolean> {
  begun.push(input);
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

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const codeOf = (verdict: boolean | Refusal) => (verdict instanceof Refusal ? verdict.code : verdict);

describe('D-29: signatures in the thread pool', () => {
  it('are the key’s or not, queue or no queue', async () => {
    const queue = new VerificationQueue(patient);
    const all = Array.from({ length: 40 }, (_, at) => queue.verify(...(at % 3 === 0 ? wrong : good)(`input ${at}`)));
    expect(await Promise.all(all)).toEqual(all.map((_, at) => at % 3 !== 0));
  });

  it('are so many at a time and never more', async () => {
    const queue = new VerificationQueue(patient);
    await Promise.all(Array.from({ length: 40 }, (_, at) => queue.verify(...good(`input ${at}`))));
    expect(mostInFlight).toBe(2);
    await queue.verify(...good('later'));
    expect(inFlight).toBe(0);
  });

  it('are 64 at a time where nothing else is said', async () => {
    const queue = new VerificationQueue();
    await Promise.all(Array.from({ length: 200 }, (_, at) => queue.verify(...good(`input ${at}`))));
    expect(mostInFlight).toBe(64);
  });

  it('get their turns in the order in which they came', async () => {
    hold('1', '2');
    const queue = new VerificationQueue(patient);
    const all = ['1', '2', '3', '4', '5', '6'].map((input) => queue.verify(...good(input)));
    await nextTurn();
    expect(begun).toEqual(['1', '2']);
    held.get('2')?.resolve();
    held.get('1')?.resolve();
    expect(await Promise.all(all)).toEqual([true, true, true, true, true, true]);
    expect(begun).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('nobody who comes when a place becomes free overtakes who waits', async () => {
    hold('1', '2', '3');
    const queue = new VerificationQueue(patient);
    const first = queue.verify(...good('1'));
    const others = ['2', '3', '4'].map((input) => queue.verify(...good(input)));
    const late = Promise.resolve(first).then(() => queue.verify(...good('late')));
    held.get('1')?.resolve();
    await first;
    await nextTurn();
    expect(begun).toEqual(['1', '2', '3']);
    held.get('2')?.resolve();
    held.get('3')?.resolve();
    expect(await Promise.all([...others, late])).toEqual([true, true, true, true]);
    expect(begun).toEqual(['1', '2', '3', '4', 'late']);
  });

  it('one that waited too long is refused, and nobody is verified for it', async () => {
    hold('1');
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 20, isParallel: true });
    const first = queue.verify(...good('1'));
    const refused = await queue.verify(...good('2'));
    expect(refused).toMatchObject({ code: 'verification_overloaded', fields: { retryAfterSeconds: 1 } });
    held.get('1')?.resolve();
    expect(await first).toBe(true);
    expect(begun).toEqual(['1']);
  });

  it('one that gave up takes no turn: the place goes to who came next', async () => {
    hold('1', '3');
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 50, isParallel: true });
    const first = queue.verify(...good('1'));
    expect(codeOf(await queue.verify(...good('2')))).toBe('verification_overloaded');
    const third = queue.verify(...good('3'));
    held.get('1')?.resolve();
    held.get('3')?.resolve();
    expect(await Promise.all([first, third, queue.verify(...good('4'))])).toEqual([true, true, true]);
    expect(begun).toEqual(['1', '3', '4']);
  });

  it('who has begun may take its time: only the waiting is bounded', async () => {
    hold('1');
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 10, isParallel: true });
    const first = queue.verify(...good('1'));
    await queue.verify(...good('2'));
    held.get('1')?.resolve();
    expect(await first).toBe(true);
  });

  it.each<[string, PoolEngine]>([
    ['fails later', engineOf(() => Promise.reject(new Error('engine')))],
    [
      'fails at once',
      () => {
        throw new Error('engine');
      },
    ],
  ])('an engine that %s gives its place on', async (_, failing) => {
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 60_000, isParallel: true });
    vi.mocked(verifySignatureInPool).mockImplementationOnce(failing).mockImplementationOnce(failing);
    const failures = ['1', '2'].map((input) => expect(queue.verify(...good(input))).rejects.toThrow('engine'));
    expect(await Promise.all([queue.verify(...good('3')), queue.verify(...good('4'))])).toEqual([true, true]);
    await Promise.all(failures);
  });

  it('an engine that throws nothing at all has verified nothing', async () => {
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 60_000, isParallel: true });
    vi.mocked(verifySignatureInPool).mockImplementationOnce(() => {
      throw null;
    });
    expect(await queue.verify(...good('1'))).toBe(false);
    expect(await queue.verify(...good('2'))).toBe(true);
  });

  it('wrong signatures give their places on, those of a wrong length as well', async () => {
    const queue = new VerificationQueue({ maxInFlight: 1, maxWaitMilliseconds: 60_000, isParallel: true });
    const bad: Asked[] = [wrong('1'), [key, '2', new Uint8Array(3)], wrong('3'), [key, '4', new Uint8Array()]];
    expect(await Promise.all(bad.map((one) => queue.verify(...one)))).toEqual([false, false, false, false]);
    expect(await queue.verify(...good('5'))).toBe(true);
  });

  it('leaves no timer behind', async () => {
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
