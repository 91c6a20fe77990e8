import { availableParallelism } from 'node:os';
import type { PublicKey } from '../jws/public-key.js';
import { fitsKey, verifySignature, verifySignatureInPool } from '../jws/verify.js';
import type { Eventually } from '../model/eventually.js';
import { Refusal } from '../model/refusal.js';

/** How many signatures may be in the thread pool, and how long one waits to get there. */
export interface QueueSettings {
  readonly maxInFlight: number;
  readonly maxWaitMilliseconds: number;
  /** Whether another thread could run while this one does. */
  readonly isParallel: boolean;
}

/** One signature to verify. */
interface Check {
  readonly key: PublicKey;
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

const defaults: QueueSettings = { maxInFlight: 64, maxWaitMilliseconds: 3000, isParallel: availableParallelism() > 1 };
const overloaded = new Refusal('verification_overloaded', { expected: 'a turn in time', retryAfterSeconds: 1 });

/**
 * Verifies signatures where that costs least, and so many at a time; the others wait in order. In the thread pool itself they
 * would wait where nobody counts them, before the file system and the name service of the application.
 */
export class VerificationQueue {
  readonly #settings: QueueSettings;
  /** Those who wait, longest first. */
  readonly #waiting = new Set<() => void>();
  #inFlight = 0;
  #arrivals = 0;

  constructor(settings: QueueSettings = defaults) {
    this.#settings = settings;
  }

  /** @returns whether `signature` is the key's; a refusal for one that waited too long */
  verify(key: PublicKey, signingInput: string, signature: Uint8Array): Eventually<boolean | Refusal> {
    if (!fitsKey(key, signature)) return false;
    // With one CPU the pool would do the same work in the same place, and the changing of threads besides.
    if (!this.#settings.isParallel) return verifySignature(key, signingInput, signature);
    this.#arrivals += 1;
    const check = { key, signingInput, signature };
    return this.#inFlight === 0 && isCheap(key) ? this.#verifyWhereCheapest(check) : this.#verifyInTurn(check);
  }

  /** Here where nobody else comes before the next turn of the microtasks; otherwise the pool is worth its price. */
  async #verifyWhereCheapest(check: Check): Promise<boolean | Refusal> {
    const arrivals = this.#arrivals;
    await undefined;
    const isAlone = this.#inFlight === 0 && this.#arrivals === arrivals;
    return isAlone ? verifySignature(check.key, check.signingInput, check.signature) : this.#verifyInTurn(check);
  }

  #verifyInTurn(check: Check): Promise<boolean | Refusal> {
    if (this.#inFlight === this.#settings.maxInFlight) return this.#waitForTurn(check);
    this.#inFlight += 1;
    return this.#verifyInPool(check);
  }

  /** With a place in the pool, which it gives up again whatever happens. */
  async #verifyInPool({ key, signingInput, signature }: Check): Promise<boolean> {
    try {
      return await verifySignatureInPool(key, signingInput, signature);
    } finally {
      this.#leave();
    }
  }

  /** Waits for the place of another. */
  #waitForTurn(check: Check): Promise<boolean | Refusal> {
    return new Promise((resolve) => {
      const begin = () => {
        clearTimeout(timer);
        this.#waiting.delete(begin);
        resolve(this.#verifyInPool(check));
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(begin);
        resolve(overloaded);
      }, this.#settings.maxWaitMilliseconds);
      this.#waiting.add(begin);
    });
  }

  /** Hands the place on to who has waited longest, so that nobody who comes now overtakes. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#inFlight -= 1;
    else next();
  }
}

/** RSA of 2048 bits is verified in about the time that it takes to hand it to another thread. */
function isCheap({ signatureOctets, algorithm }: PublicKey): boolean {
  return algorithm.keyType === 'RSA' && signatureOctets <= 256;
}
