import type { PublicKey } from '../jws/public-key.js';
import type { FetchTerms } from './fetch-terms.js';
import type { Refusal } from './refusal.js';
import type { ParsedToken } from './stages.js';

/** Time, injectable. Two hands, because the hand that judges tokens may be set while intervals are measured. */
export interface Clock {
  /** Milliseconds since the epoch; judges tokens. */
  now(): number;
  /** Milliseconds that never step back; measures intervals. */
  monotonic(): number;
}

/** The keys of one issuer. */
export interface KeySource {
  /**
   * The one key that fits the token's `kid` and `alg`. Answers at once when the key is at hand;
   * never rejects.
   */
  find(token: ParsedToken): PublicKey | Refusal | Promise<PublicKey | Refusal>;
  /** Fetches the keys if they are not at hand; a refusal when they cannot be had. */
  ready(): Promise<Refusal | undefined>;
}

/** The one door to the network: documents by GET, bounded in time and size. */
export interface NetworkDoor {
  /** The body of a 200 answer. Rejects with a {@link NetworkError}. */
  fetchDocument(url: URL, terms: FetchTerms): Promise<Uint8Array>;
  /** Ends what is under way and refuses what comes later. */
  close(): void;
}

/** Why a document could not be had. */
export class NetworkError extends Error {
  override readonly name: string = 'NetworkError';
  /** What the server asked for with `Retry-After`, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: { cause?: unknown; retryAfterSeconds?: number | undefined } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
