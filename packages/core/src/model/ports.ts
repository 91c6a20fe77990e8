import type { PublicKey } from '../jws/public-key.js';
import type { FetchTerms } from './fetch-terms.js';
import type { Refusal } from './refusal.js';

/** Time, injectable. Two hands, because the hand that judges tokens may be set while intervals are measured. */
export interface Clock {
  /** Milliseconds since the epoch; judges tokens. */
  now(): number;
  /** Milliseconds that never step back; measures intervals. */
  monotonic(): number;
}

/** How it stands with the keys of one issuer. */
export interface KeyStatus {
  /** `'given'` with the options, within their time, past it and used while the issuer is out of reach, or not at hand. */
  readonly keys: 'given' | 'fresh' | 'stale' | 'none';
  /** Seconds since the set was fetched. */
  readonly ageSeconds?: number;
  /** Attempts to fetch keys so far, good and bad. */
  readonly fetches: number;
  /** Why the last attempt failed; absent where it did not. */
  readonly lastError?: NetworkErrorCode;
  /** Seconds until the next attempt may be made; absent where none has failed. */
  readonly nextAttemptSeconds?: number;
}

/** The keys of one issuer at one time, as plain data. */
export interface IssuerSnapshot {
  readonly issuer: string;
  /** When the set was fetched, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** How long it is fresh from then on, in seconds. */
  readonly freshSeconds: number;
  /** The JWK set as it was served, without private and symmetric keys. */
  readonly jwks: object;
}

/** The keys of all issuers that publish them, as plain data: what `server.snapshot()` gives and `keys.seed` takes. */
export interface KeySnapshot {
  readonly version: 1;
  readonly issuers: readonly IssuerSnapshot[];
}

/** How it stands with a server, for health endpoints. */
export interface ServerStatus {
  /** Each issuer, in the order of the options; of resolved ones those that are remembered. */
  readonly issuers: ReadonlyArray<KeyStatus & { readonly issuer: string }>;
}

/** What a token says of its key. */
export interface KeyQuery {
  readonly kid: string | undefined;
  readonly algorithm: string;
}

/** The keys of one issuer. */
export interface KeySource {
  /**
   * The one key that fits a token's `kid` and `alg`. Answers at once when the key is at hand;
   * never rejects.
   */
  find(query: KeyQuery): PublicKey | Refusal | Promise<PublicKey | Refusal>;
  /** Fetches the keys if they are not at hand; a refusal when they cannot be had. */
  ready(): Promise<Refusal | undefined>;
  /** How it stands with the keys. Asks nobody. */
  status(): KeyStatus;
  /** The keys at hand as they were fetched, with their age; `undefined` for none, and for keys that were given. */
  snapshot(): IssuerSnapshot | undefined;
}

/** What a resolver said of an issuer, and until when it counts, in milliseconds on the clock's monotonic hand. */
export interface Resolution<Issuer> {
  /** `undefined` for one that is not trusted. */
  readonly issuer: Issuer | undefined;
  readonly until: number;
}

/** What is remembered of issuers that tokens named: bounded, and no refused one pushes out a trusted one. */
export interface ResolutionMemory<Issuer> {
  recall(identifier: string): Resolution<Issuer> | undefined;
  remember(identifier: string, resolution: Resolution<Issuer>): void;
  /** Those that are trusted at `now`. */
  trusted(now: number): Iterable<readonly [identifier: string, issuer: Issuer]>;
}

/** A document that was fetched. */
export interface FetchedDocument {
  readonly octets: Uint8Array;
  /** How long its server says it is fresh, in seconds (RFC 9111 section 4.2); `undefined` where it does not say. */
  readonly freshSeconds: number | undefined;
}

/** The one door to the network: documents by GET, bounded in time and size. */
export interface NetworkDoor {
  /** A 200 answer. Rejects with a {@link NetworkError}. */
  fetchDocument(url: URL, terms: FetchTerms): Promise<FetchedDocument>;
  /** Ends what is under way and refuses what comes later. */
  close(): void;
}

/**
 * Why keys could not be fetched: the address is not one that may be asked (`not_permitted`), nobody answered there or
 * the connection broke (`unreachable`), or not in time (`timeout`), with another status than 200 (`bad_status`), with
 * what is no metadata or key set (`bad_document`), or with the metadata of another issuer (`wrong_issuer`); or the
 * server was closed (`closed`).
 */
export type NetworkErrorCode =
  | 'not_permitted'
  | 'unreachable'
  | 'timeout'
  | 'bad_status'
  | 'bad_document'
  | 'wrong_issuer'
  | 'closed';

/** Why a document could not be had. */
export class NetworkError extends Error {
  override readonly name: string = 'NetworkError';
  readonly code: NetworkErrorCode;
  /** What the server asked for with `Retry-After`, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: NetworkErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    // It is the cause of many refusals: what one handler does to it must reach no other.
    Object.freeze(this);
  }
}
