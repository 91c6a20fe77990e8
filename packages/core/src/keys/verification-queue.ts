import { availableParallelism } from 'node:os';
import { Semaphore } from '../async/semaphore.js';
import type { PublicKey } from '../jws/public-key.js';
import { fitsKey, type VerifyCallback, verifySignature, verifySignatureInPool } from '../jws/verify.js';
import { chain, type MaybePromise } from '../model/maybe-promise.js';
import { Refusal } from '../model/refusal.js';

/** How many signatures may be in the thread pool, and how long one waits to get there. */
export interface QueueSettings {
  readonly maxInFlight: number;
  readonly maxWaitMilliseconds: number;
  /** Whether another thread could run while this one does. */
  readonly isParallel: boolean;
}

/** One signature to verify. */
class Check {
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
const overloaded = new Refusal('verification_overloaded', { expected: 'a turn in time', retryAfterSeconds: 1 });

/**
 * Verifies signatures where that costs least, and so many at a time; the others wait in order. In the thread pool itself they
 * would wait where nobody counts them, before the file system and the name service of the application.
 */
export class VerificationQueue {
  readonly #settings: QueueSettings;
  readonly #turns: Semaphore;
  #arrivals = 0;

  constructor(settings: QueueSettings = defaults) {
    this.#settings = settings;
    const { maxInFlight, maxWaitMilliseconds } = settings;
    this.#turns = new Semaphore({ maxAtOnce: maxInFlight, maxWaiting: Number.POSITIVE_INFINITY, maxWaitMilliseconds });
  }

  /** @returns whether `signature` is the key's; a refusal for one that waited too long */
  verify(key: PublicKey, signingInput: string, signature: Uint8Array): MaybePromise<boolean | Refusal> {
    if (!fitsKey(key, signature)) return false;
    // With one CPU the pool would do the same work in the same place, and the changing of threads besides.
    if (!this.#settings.isParallel) return verifySignature(key, signingInput, signature);
    this.#arrivals += 1;
    const check = new Check(key, signingInput, signature);
    return this.#turns.taken === 0 && isCheap(key) ? this.#verifyWhereCheapest(check) : this.#verifyInTurn(check);
  }

  /** Here where nobody else comes before the next turn of the microtasks; otherwise the pool is worth its price. */
  async #verifyWhereCheapest(check: Check): Promise<boolean | Refusal> {
    const arrivals = this.#arrivals;
    await undefined;
    const isAlone = this.#turns.taken === 0 && this.#arrivals === arrivals;
    return isAlone ? verifySignature(check.key, check.signingInput, check.signature) : this.#verifyInTurn(check);
  }

  #verifyInTurn(check: Check): MaybePromise<boolean | Refusal> {
    const turn = this.#turns.take();
    if (turn === true) return this.#verifyInPool(check);
    return chain<boolean, boolean | Refusal>(turn, (isMine) => (isMine ? this.#verifyInPool(check) : overloaded));
  }

  /** With a turn, which it gives up again whatever happens. */
  #verifyInPool({ key, signingInput, signature }: Check): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const land: VerifyCallback = (failure, verdict) => {
        this.#turns.leave();
        if (failure === null) resolve(verdict);
        else reject(failure);
      };
      try {
        verifySignatureInPool(key, signingInput, signature, land);
      } catch (failure) {
        land(failure, false);
      }
    });
  }
}

/*
 * Microseconds of one signature on the event loop / in all threads (`pnpm bench`, crypto.verify; Node.js 20, two cores):
 *
 *             here       pool, alone   pool, 64 in flight
 *   RS256    17 / 17      23 / 56            3 / 21
 *   ES256    46 / 46      23 / 83            7 / 54
 *   Ed25519  63 / 63      20 / 97            4 / 67
 *
 * So the pool is for everything but RSA of 2048 bits that comes alone, which it makes dearer in both.
 */

/** RSA of 2048 bits is verified in less time than it takes to hand it to another thread. */
function isCheap({ signatureOctets, algorithm }: PublicKey): boolean {
  return algorithm.keyType === 'RSA' && signatureOctets <= 256;
}
