import { beforeEach, describe, expect, it, vi } from 'vitest';
import { verifySignature, verifySignatureInPool } from '../../src/jws/verify.js';
import { VerificationQueue } from '../../src/keys/verification-queue.js';
import { publicKeyOf } from '../support/public-keys.js';
import { everyAlgorithm, signerOf } from '../support/signers.js';

vi.mock('../../src/jws/verify.js', { spy: true });

beforeEach(() => {
  vi.clearAllMocks();
});

/** How many signatures were verified here, and how many in the thread pool. */
const where = () => [vi.mocked(verifySignature).mock.calls.length, vi.mocked(verifySignatureInPool).mock.calls.length];

function checkOf(algorithm: Parameters<typeof signerOf>[0], text = 'a.b') {
  const signer = signerOf(algorithm);
  return [publicKeyOf(signer), text, signer.sign(text)] as const;
}

const settings = { maxInFlight: 64, maxWaitMilliseconds: 3000 };
const parallel = () => new VerificationQueue({ ...settings, isParallel: true });
const single = () => new VerificationQueue({ ...settings, isParallel: false });

describe('where a signature is verified', () => {
  it.each(['RS256', 'RS512', 'PS256'] as const)(
    '%s of 2048 bits, alone: here, since the way costs as much',
    async (alg) => {
      expect(await parallel().verify(...checkOf(alg))).toBe(true);
      expect(where()).toEqual([1, 0]);
    },
  );

  it.each(['ES256', 'ES384', 'ES512', 'Ed25519'] as const)('%s: in the thread pool, also alone', async (alg) => {
    expect(await parallel().verify(...checkOf(alg))).toBe(true);
    expect(where()).toEqual([0, 1]);
  });

  it('several that come at once: all in the thread pool', async () => {
    const queue = parallel();
    const all = ['1', '2', '3'].map((text) => queue.verify(...checkOf('RS256', text)));
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(where()).toEqual([0, 3]);
  });

  it('one that comes while others are there: in the thread pool', async () => {
    const queue = parallel();
    const first = queue.verify(...checkOf('Ed25519'));
    expect(await queue.verify(...checkOf('RS256'))).toBe(true);
    expect(await first).toBe(true);
    expect(where()).toEqual([0, 2]);
  });

  it('one after the other, none waiting for another: here', async () => {
    const queue = parallel();
    for (const text of ['1', '2', '3']) expect(await queue.verify(...checkOf('RS256', text))).toBe(true);
    expect(where()).toEqual([3, 0]);
  });

  it.each(everyAlgorithm)('%s where there is one CPU: here, and at once', (alg) => {
    const [key, text, signature] = checkOf(alg);
    expect(single().verify(key, text, signature)).toBe(true);
    expect(single().verify(key, 'other', signature)).toBe(false);
    expect(where()).toEqual([2, 0]);
  });

  it('a signature of another length: nowhere', () => {
    const [key, text, signature] = checkOf('ES256');
    for (const queue of [parallel(), single()]) expect(queue.verify(key, text, signature.subarray(1))).toBe(false);
    expect(where()).toEqual([0, 0]);
  });

  it('a wrong signature is wrong in both places', async () => {
    const [key, , signature] = checkOf('RS256');
    const queue = parallel();
    expect(await queue.verify(key, 'other', signature)).toBe(false);
    expect(await Promise.all([queue.verify(key, 'x', signature), queue.verify(key, 'y', signature)])).toEqual([
      false,
      false,
    ]);
    expect(where()).toEqual([1, 2]);
  });
});
