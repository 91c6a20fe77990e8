import { beforeEach, describe, expect, it, vi } from 'vitest';
import { verifySignature, verifySignatureInPool } from '../../src/jws/verify.js';
import { VerificationQueue } from '../../src/keys/verification-queue.js';
import { publicKeyOf } from '../support/public-keys.js';
import { everyAlgorithm, signerOf } from '../support/signers.js';

vi.mock('../../src/jws/verify.js', { spy: true });

beforeEach(() => {
  vi.clearAllMocks();
});

/** How many signatures were verified on the event loop, and how many in the thread pool. */
const verifications = () => [
  vi.mocked(verifySignature).mock.calls.length,
  vi.mocked(verifySignatureInPool).mock.calls.length,
];

function checkOf(algorithm: Parameters<typeof signerOf>[0], text = 'a.b') {
  const signer = signerOf(algorithm);
  return [publicKeyOf(signer), text, signer.sign(text)] as const;
}

const settings = { maxInFlight: 64, maxWaitMilliseconds: 3000 };
const parallel = () => new VerificationQueue({ ...settings, isParallel: true });
const single = () => new VerificationQueue({ ...settings, isParallel: false });

describe('place of verification: event loop or thread pool', () => {
  it.each(['RS256', 'RS512', 'PS256'] as const)(
    'a single %s signature of 2048 bits is verified on the event loop, since the pool costs as much',
    async (alg) => {
      expect(await parallel().verify(...checkOf(alg))).toBe(true);
      expect(verifications()).toEqual([1, 0]);
    },
  );

  it.each(['ES256', 'ES384', 'ES512', 'Ed25519'] as const)(
    'a %s signature is verified in the thread pool, even a single one',
    async (alg) => {
      expect(await parallel().verify(...checkOf(alg))).toBe(true);
      expect(verifications()).toEqual([0, 1]);
    },
  );

  it('signatures that arrive together are verified in the thread pool', async () => {
    const queue = parallel();
    const all = ['1', '2', '3'].map((text) => queue.verify(...checkOf('RS256', text)));
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(verifications()).toEqual([0, 3]);
  });

  it('a signature that arrives while another is in flight is verified in the thread pool', async () => {
    const queue = parallel();
    const first = queue.verify(...checkOf('Ed25519'));
    expect(await queue.verify(...checkOf('RS256'))).toBe(true);
    expect(await first).toBe(true);
    expect(verifications()).toEqual([0, 2]);
  });

  it('RSA signatures that arrive one after the other are verified on the event loop', async () => {
    const queue = parallel();
    for (const text of ['1', '2', '3']) expect(await queue.verify(...checkOf('RS256', text))).toBe(true);
    expect(verifications()).toEqual([3, 0]);
  });

  it.each(everyAlgorithm)('with one CPU a %s signature is verified on the event loop, synchronously', (alg) => {
    const [key, text, signature] = checkOf(alg);
    expect(single().verify(key, text, signature)).toBe(true);
    expect(single().verify(key, 'other', signature)).toBe(false);
    expect(verifications()).toEqual([2, 0]);
  });

  it('a signature of a wrong length is rejected without a call of the engine', () => {
    const [key, text, signature] = checkOf('ES256');
    for (const queue of [parallel(), single()]) expect(queue.verify(key, text, signature.subarray(1))).toBe(false);
    expect(verifications()).toEqual([0, 0]);
  });

  it('a wrong signature is rejected on the event loop and in the thread pool', async () => {
    const [key, , signature] = checkOf('RS256');
    const queue = parallel();
    expect(await queue.verify(key, 'other', signature)).toBe(false);
    expect(await Promise.all([queue.verify(key, 'x', signature), queue.verify(key, 'y', signature)])).toEqual([
      false,
      false,
    ]);
    expect(verifications()).toEqual([1, 2]);
  });
});
