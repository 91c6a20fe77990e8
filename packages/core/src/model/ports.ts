import type { JsonObject } from '../jws/json.js';
import type { PublicKey } from '../jws/public-key.js';
import { bare } from '../objects/bare.js';
import type { Clock, Moment } from './clock.js';
import type { FetchTerms } from './fetch-terms.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Refusal } from './refusal.js';
import type { Credential, IntrospectedToken } from './stages.js';

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

/** How it stands with the introspection endpoint of one issuer. */
export interface IntrospectionStatus {
  /** Calls so far, good and bad. */
  readonly calls: number;
  /** Calls under way. */
  readonly inFlight: number;
  /** Why the last call failed; absent where it did not. */
  readonly lastError?: NetworkErrorCode;
  /** Seconds until the next call may be made; absent where none has failed. */
  readonly nextAttemptSeconds?: number;
}

/** How it stands with one issuer. */
export interface IssuerStatus extends KeyStatus {
  readonly issuer: string;
  /** Where tokens of it are introspected. */
  readonly introspection?: IntrospectionStatus;
}

/** How it stands with a server, for health endpoints. */
export interface ServerStatus {
  /** Each issuer, in the order of the options; of resolved ones those that are remembered. */
  readonly issuers: readonly IssuerStatus[];
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
  /**
   * Another key for the same query, after a signature failed under the key that {@link find} gave: the issuer may have replaced the
   * key and kept its `kid`. `undefined` where there is none, a refusal where that cannot be found out. Never rejects.
   */
  findNewer(query: KeyQuery, failed: PublicKey): MaybePromise<PublicKey | Refusal | undefined>;
  /** Fetches the keys if they are not at hand; a refusal when they cannot be had. */
  ready(): Promise<Refusal | undefined>;
  /** How it stands with the keys. Asks nobody. */
  status(): KeyStatus;
  /** The keys at hand as they were fetched, with their age; `undefined` for none, and for keys that were given. */
  snapshot(): IssuerSnapshot | undefined;
}

/** Asks the issuer of a token what it is. */
export interface Introspector {
  /**
   * Answers at once what it remembers; never rejects.
   *
   * @param ownExpiry the `exp` of a token that says so itself: beyond it nothing is repeated
   */
  introspect(credential: Credential, ownExpiry?: number): MaybePromise<IntrospectedToken | Refusal>;
  /** Finds the endpoint if it is not known; a refusal when it cannot be found. Asks about no token. */
  ready(): Promise<Refusal | undefined>;
  /** How it stands with the endpoint. Asks nobody. */
  status(): IntrospectionStatus;
}

/** What an issuer said of a token, and for how long it may be repeated. */
export interface CachedAnswer {
  /** All that it said of an active one; `undefined` for one that is not. */
  readonly claims: JsonObject | undefined;
  readonly answeredAt: Moment;
  /** How long it may be repeated, in seconds. */
  readonly seconds: number;
  /** `exp` of the token, in seconds since the epoch. */
  readonly expiresAt: number | undefined;
}

/** What is remembered of introspected tokens: bounded, and no number of bad ones pushes out a good one. */
export interface AnswerCache {
  get(key: string): CachedAnswer | undefined;
  /** @param octets how large the answer was */
  set(key: string, answer: CachedAnswer, octets: number): void;
}

/** What a resolver said of an issuer, and how long it counts. */
export interface Resolution<Issuer> {
  /** `undefined` for one that is not trusted. */
  readonly issuer: Issuer | undefined;
  readonly answeredAt: Moment;
  readonly seconds: number;
}

/** What is remembered of issuers that tokens named: bounded, and no refused one pushes out a trusted one. */
export interface ResolutionCache<Issuer> {
  get(identifier: string): Resolution<Issuer> | undefined;
  set(identifier: string, resolution: Resolution<Issuer>): void;
  /** Those that are trusted now. */
  trusted(clock: Clock): Iterable<readonly [identifier: string, issuer: Issuer]>;
}

/** A certificate of ours and its private key, in PEM (RFC 8705). */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What is asked of a server. Without a form it is a GET. */
export interface DocumentRequest {
  /** The media types that are wanted. */
  readonly accept: string;
  /** A form, in `application/x-www-form-urlencoded`, sent by POST. */
  readonly form?: string;
  /** The value of the Authorization header. */
  readonly authorization?: string;
  /** What we show of ourselves where the connection is TLS. */
  readonly certificate?: ClientCertificate;
  /** Makes it anew, where it has to be sent a second time and something in it is good for one time only. */
  renew?(): Promise<DocumentRequest>;
}

/** A document that was fetched. */
export interface FetchedDocument {
  readonly octets: Uint8Array;
  /** Its `Content-Type`, as it was sent. */
  readonly contentType?: string | undefined;
  /** How long its server says it is fresh, in seconds (RFC 9111 section 4.2); `undefined` where it does not say. */
  readonly freshSeconds: number | undefined;
}

/** The one door to the network: documents, bounded in time and size. */
export interface Fetcher {
  /** A 200 answer; by default to a GET for JSON. Rejects with a {@link NetworkError}. */
  fetchDocument(url: URL, terms: FetchTerms, request?: DocumentRequest): Promise<FetchedDocument>;
  /** Ends what is under way and refuses what comes later. */
  close(): void;
}

/**
 * Why an issuer could not be asked: the address is not one that may be asked (`not_permitted`), nobody answered there or
 * the connection broke (`unreachable`), or not in time (`timeout`), with another status than 200 (`bad_status`), with
 * 400, 401 or 403 to our own credentials (`credentials_refused`), with something else than was asked for (`bad_document`), or with the
 * metadata of another issuer (`wrong_issuer`); or the server was closed (`closed`).
 */
export type NetworkErrorCode =
  | 'not_permitted'
  | 'unreachable'
  | 'timeout'
  | 'bad_status'
  | 'credentials_refused'
  | 'bad_document'
  | 'wrong_issuer'
  | 'closed';

/** Why a document could not be had. */
export class NetworkError extends Error {
  override readonly name: string = 'NetworkError';
  readonly code: NetworkErrorCode;
  /** What the server asked for with `Retry-After`, in seconds. */
  readonly retryAfterSeconds: number | undefined;
  /** The HTTP status of an answer that was not wanted. */
  readonly status: number | undefined;

  constructor(
    code: NetworkErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number | undefined; status?: number | undefined } = {},
  ) {
    const { cause, retryAfterSeconds, status } = bare(options);
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = status;
    // It is the cause of many refusals: what one handler does to it must reach no other.
    Object.freeze(this);
  }
}
