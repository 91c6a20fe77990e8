import { availableParallelism } from 'node:os';
import { Semaphore } from '../async/semaphore.js';
import type { PublicKey } from '../jws/public-key.js';
import { fitsKey, type VerifyCallback, verifySignature, verifySignatureInPool } from '../jws/verify.js';
import { chain, type MaybePromise } from '../model/maybe-promise.js';
import { Refusal } from '../model/refusal.js';

/** Limits of the signature verification in the thread pool. */
export interface QueueSettings {
  /** Limit for the verifications in the thread pool at one time. */
  readonly maxInFlight: number;
  /** How long a verification may wait for a slot. */
  readonly maxWaitMilliseconds: number;
  /** Whether a second thread can run in parallel: the machine has more than one CPU. */
  readonly isParallel: boolean;
}

/** One signature to verify. */
class VerificationTask {
  readonly key: PublicKey;
  readonly signingInput: string;
  readonly signature: Uint8Array;

  constructor(key: PublicKey, signingInput: string, signature: Uint8Array) {
    this.key = key;
    this.signingInput = signingInput;
    this.signature = signature;
  }
}

const defaults: QueueSettings = { maxInFlight: 64, maxWaitMilliseconds: 3000, isParallel: availableParallelism() > 1 };
const overloaded = new Refusal('verification_overloaded', {
  expected: 'a free verification slot in time',
  retryAfterSeconds: 1,
});

/**
 * Verifies each signature on the event loop or in the thread pool, whichever costs less.
 *
 * The number in the thread pool is limited, and further signatures wait here in order. Without the
 * limit they would fill the pool's own queue and delay the application's file system and DNS calls.
 */
export class VerificationQueue {
  readonly #settings: QueueSettings;
  readonly #slots: Semaphore;
  #arrivals = 0;

  constructor(settings: QueueSettings = defaults) {
    this.#settings = settings;
    const { maxInFlight, maxWaitMilliseconds } = settings;
    this.#slots = new Semaphore({ maxAtOnce: maxInFlight, maxWaiting: Number.POSITIVE_INFINITY, maxWaitMilliseconds });
  }

  /** @returns whether `key` made `signature`; a refusal if the verification waited too long */
  verify(key: PublicKey, signingInput: string, signature: Uint8Array): MaybePromise<boolean | Refusal> {
    if (!fitsKey(key, signature)) return false;
    // With one CPU the pool would do the same work on the same CPU, and add thread switches.
    if (!this.#settings.isParallel) return verifySignature(key, signingInput, signature);
    this.#arrivals += 1;
    const task = new VerificationTask(key, signingInput, signature);
    return this.#slots.taken === 0 && isCheap(key) ? this.#verifyWhereCheapest(task) : this.#verifyWithSlot(task);
  }

  /**
   * Verifies on the event loop if no other signature arrives within one microtask. Otherwise the
   * pool is faster, in spite of the cost of handing work to it.
   */
  async #verifyWhereCheapest(task: VerificationTask): Promise<boolean | Refusal> {
    const arrivals = this.#arrivals;
    await undefined;
    const isAlone = this.#slots.taken === 0 && this.#arrivals === arrivals;
    return isAlone ? verifySignature(task.key, task.signingInput, task.signature) : this.#verifyWithSlot(task);
  }

  #verifyWithSlot(task: VerificationTask): MaybePromise<boolean | Refusal> {
    const slot = this.#slots.acquire();
    if (slot === true) return this.#verifyInPool(task);
    return chain<boolean, boolean | Refusal>(slot, (isAcquired) =>
      isAcquired ? this.#verifyInPool(task) : overloaded,
    );
  }

  /** Requires a slot, and releases it in every case. */
  #verifyInPool({ key, signingInput, signature }: VerificationTask): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const finish: VerifyCallback = (failure, verdict) => {
        this.#slots.release();
        if (failure === null) resolve(verdict);
        else reject(failure);
      };
      try {
        verifySignatureInPool(key, signingInput, signature, finish);
      } catch (failure) {
        finish(failure, false);
      }
    });
  }
}

/*
 * Microseconds per signature: on the event loop / in all threads together. Measured with
 * `pnpm bench` (crypto.verify) on Node.js 20 with two cores.
 *
 *          event loop    pool, alone   pool, 64 in flight
 *   RS256    17 / 17      23 / 56            3 / 21
 *   ES256    46 / 46      23 / 83            7 / 54
 *   Ed25519  63 / 63      20 / 97            4 / 67
 *
 * So the pool is used for everything except a single signature of RSA with 2048 bits: for that one
 * the pool costs more, both on the event loop and in total.
 */

/** Verifying RSA with 2048 bits takes less time than handing the work to another thread. */
function isCheap({ signatureOctets, algorithm }: PublicKey): boolean {
  return algorithm.keyType === 'RSA' && signatureOctets <= 256;
}
