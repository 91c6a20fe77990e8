import type { JsonObject } from '../jws/json.js';
import type { PublicKey } from '../jws/public-key.js';
import { bare } from '../objects/bare.js';
import type { Clock, Moment } from './clock.js';
import type { FetchTerms } from './fetch-terms.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Refusal } from './refusal.js';
import type { Credential, IntrospectedToken } from './stages.js';

/** The state of the keys of one issuer. */
export interface KeyStatus {
  /**
   * - `'given'`: the keys were given as the option `jwks` and are never fetched.
   * - `'fresh'`: the fetched keys are not older than their lifetime.
   * - `'stale'`: they are older, and are used while the issuer cannot be reached.
   * - `'none'`: no usable keys are cached.
   */
  readonly keys: 'given' | 'fresh' | 'stale' | 'none';
  /** Seconds since the key set was fetched; absent for `'given'` and `'none'`. */
  readonly ageSeconds?: number;
  /** Number of attempts to fetch the keys, failed ones included. */
  readonly fetches: number;
  /** Why the last attempt failed; absent where it succeeded. */
  readonly lastError?: NetworkErrorCode;
  /** Seconds until the next attempt is permitted; absent where the last one succeeded. */
  readonly nextAttemptSeconds?: number;
}

/** The keys of one issuer at one time, as plain data. */
export interface IssuerSnapshot {
  /** The identifier of the issuer. */
  readonly issuer: string;
  /** When the key set was fetched, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** How long the set is fresh after it was fetched, in seconds. */
  readonly freshSeconds: number;
  /** The JWK set as the issuer served it, without private and symmetric keys. */
  readonly jwks: object;
}

/**
 * The fetched keys of all issuers, as plain data. `server.snapshot()` returns it, and the option
 * `keys.seed` accepts it.
 */
export interface KeySnapshot {
  /** The version of this format. */
  readonly version: 1;
  /** The issuers whose keys are cached. */
  readonly issuers: readonly IssuerSnapshot[];
}

/** The state of the introspection endpoint of one issuer. */
export interface IntrospectionStatus {
  /** Number of calls, failed ones included. */
  readonly calls: number;
  /** Number of calls that are in flight. */
  readonly inFlight: number;
  /** Why the last call failed; absent where it succeeded. */
  readonly lastError?: NetworkErrorCode;
  /** Seconds until the next call is permitted; absent where the last one succeeded. */
  readonly nextAttemptSeconds?: number;
}

/** The state of one issuer. */
export interface IssuerStatus extends KeyStatus {
  /** The identifier of the issuer. */
  readonly issuer: string;
  /** The state of its introspection endpoint; absent where its tokens are not introspected. */
  readonly introspection?: IntrospectionStatus;
}

/** The state of a server, for health endpoints. */
export interface ServerStatus {
  /** The configured issuers, in their order; with `issuer.resolve`, the cached trusted issuers. */
  readonly issuers: readonly IssuerStatus[];
}

/** What the header of a token states about its key (RFC 7515 section 4.1). */
export interface KeyQuery {
  readonly kid: string | undefined;
  readonly algorithm: string;
}

/** The keys of one issuer. */
export interface KeySource {
  /**
   * Finds the one key that matches a token's `kid` and `alg`. Returns it without a promise where it
   * is cached. Never rejects.
   */
  find(query: KeyQuery): PublicKey | Refusal | Promise<PublicKey | Refusal>;
  /**
   * Finds another key for the same query, after the signature check with the key of {@link find}
   * failed: the issuer may have replaced the key and kept its `kid`. Never rejects.
   *
   * @returns `undefined` where there is no other key; a refusal where the keys cannot be fetched
   */
  findReplacement(query: KeyQuery, failed: PublicKey): MaybePromise<PublicKey | Refusal | undefined>;
  /** Fetches the keys where they are not cached. Returns a refusal where that fails. */
  ready(): Promise<Refusal | undefined>;
  /** The state of the keys. Does no I/O. */
  status(): KeyStatus;
  /**
   * The cached keys as they were fetched, with their age. `undefined` where none are cached, and
   * for keys that were given as an option.
   */
  snapshot(): IssuerSnapshot | undefined;
}

/** Introspects tokens at the endpoint of one issuer (RFC 7662). */
export interface Introspector {
  /**
   * Introspects a token. A cached answer is returned without a promise. Never rejects.
   *
   * @param ownExpiry the `exp` of a JWT: after it, no cached answer is used
   */
  introspect(credential: Credential, ownExpiry?: number): MaybePromise<IntrospectedToken | Refusal>;
  /** Discovers the endpoint; a refusal where that fails. Introspects no token. */
  ready(): Promise<Refusal | undefined>;
  /** The state of the endpoint. Does no I/O. */
  status(): IntrospectionStatus;
}

/** An introspection answer, and how long it may be used. */
export interface CachedAnswer {
  /** The claims in the answer about an active token; `undefined` for an inactive one. */
  readonly claims: JsonObject | undefined;
  /** When the endpoint sent the answer. */
  readonly answeredAt: Moment;
  /** How long the answer may be used, in seconds. */
  readonly seconds: number;
  /** The `exp` in the answer, in seconds since the epoch. */
  readonly expiresAt: number | undefined;
}

/** A bounded cache of introspection answers. Inactive tokens, however many, evict no active one. */
export interface AnswerCache {
  get(key: string): CachedAnswer | undefined;
  /** @param octets the size of the answer */
  set(key: string, answer: CachedAnswer, octets: number): void;
}

/** The result of `issuer.resolve` for one issuer, and how long it is valid. */
export interface Resolution<Issuer> {
  /** `undefined` for an issuer that is not trusted. */
  readonly issuer: Issuer | undefined;
  readonly answeredAt: Moment;
  /** How long the result is valid, in seconds. */
  readonly seconds: number;
}

/** A bounded cache of resolved issuers. Refused issuers, however many, evict no trusted one. */
export interface ResolutionCache<Issuer> {
  get(identifier: string): Resolution<Issuer> | undefined;
  set(identifier: string, resolution: Resolution<Issuer>): void;
  /** The cached issuers that are trusted and whose entries have not expired. */
  trusted(clock: Clock): Iterable<readonly [identifier: string, issuer: Issuer]>;
}

/** Our client certificate and its private key, in PEM (RFC 8705). */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A request for a document. Without a form it is a GET. */
export interface DocumentRequest {
  /** The value of the `Accept` header. */
  readonly accept: string;
  /** A form in `application/x-www-form-urlencoded`, sent by POST. */
  readonly form?: string;
  /** The value of the `Authorization` header. */
  readonly authorization?: string;
  /** Our client certificate for mutual TLS. */
  readonly certificate?: ClientCertificate;
  /** Creates the request again for a retry, where it contains something that is valid only once. */
  renew?(): Promise<DocumentRequest>;
}

/** A fetched document. */
export interface FetchedDocument {
  /** The body of the response. */
  readonly octets: Uint8Array;
  /** The `Content-Type` of the response. */
  readonly contentType?: string | undefined;
  /** The freshness lifetime in seconds (RFC 9111 section 4.2); `undefined` if it is not stated. */
  readonly freshSeconds: number | undefined;
}

/** The HTTP client for documents. Each fetch has a timeout and a response size limit. */
export interface Fetcher {
  /**
   * Fetches a document with a 200 response; by default with a GET that accepts JSON.
   *
   * @throws {NetworkError} (as a rejection) for every other result
   */
  fetchDocument(url: URL, terms: FetchTerms, request?: DocumentRequest): Promise<FetchedDocument>;
  /** Aborts the fetches in flight and refuses every later one. */
  close(): void;
}

/**
 * Why a request to an issuer failed.
 *
 * - `not_permitted`: the URL or the address is not permitted.
 * - `unreachable`: the connection failed or broke.
 * - `timeout`: no complete response arrived in time.
 * - `bad_status`: the status was not 200.
 * - `credentials_refused`: the endpoint refused our own credentials with 400, 401 or 403.
 * - `bad_document`: the body was not the expected document.
 * - `wrong_issuer`: the metadata was that of another issuer.
 * - `closed`: the resource server was closed.
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

/** A failed fetch of a document. */
export class NetworkError extends Error {
  override readonly name: string = 'NetworkError';
  readonly code: NetworkErrorCode;
  /** The `Retry-After` of the response, in seconds. */
  readonly retryAfterSeconds: number | undefined;
  /** The HTTP status of the response, where it was not 200. */
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
    // Frozen, since many refusals share it: one handler must not change what another one reads.
    Object.freeze(this);
  }
}
