import { bare } from './objects/bare.js';
import { own } from './objects/members.js';

/**
 * Every reason for which a request can be refused. The list is closed: a code that a release
 * can publish stands here, in the table of `challenge/`, and in ERRORS.md.
 */
export const accessErrorCodes = [
  'credentials_missing',
  'credentials_malformed',
  'credentials_repeated',
  'token_elsewhere',
  'token_too_large',
  'token_malformed',
  'token_opaque',
  'issuer_untrusted',
  'algorithm_refused',
  'key_unknown',
  'signature_invalid',
  'type_refused',
  'claim_missing',
  'claim_malformed',
  'audience_mismatch',
  'token_expired',
  'token_not_yet_valid',
  'token_too_old',
  'claims_refused',
  'token_inactive',
  'token_revoked',
  'binding_unsupported',
  'scope_insufficient',
  'claim_insufficient',
  'guard_without_auth',
  'callback_failed',
  'issuer_unresolved',
  'keys_unavailable',
  'introspection_unavailable',
  'revocation_unavailable',
  'verification_overloaded',
  'internal_failure',
] as const;

/** One of {@link accessErrorCodes}. */
export type AccessErrorCode = (typeof accessErrorCodes)[number];

/** What a refusal was about, for operators only; never sent to the client. */
export interface RefusalDetail {
  /** What the check wanted, in words. */
  readonly expected?: string;
  /** What it found, as a JSON string of at most 200 characters. */
  readonly found?: string;
}

/** Response headers by name; a header of several field lines is a list. */
export type ErrorHeaders = Readonly<Record<string, string | readonly string[]>>;

interface AccessErrorFields {
  readonly code: AccessErrorCode;
  readonly status: number;
  readonly message: string;
  readonly headers: ErrorHeaders;
  readonly detail: RefusalDetail;
  readonly cause?: unknown;
}

/**
 * A refused request, as an `Error` for frameworks that want one.
 *
 * `message` and `stack` are the fixed public text, since default error handlers show them to
 * clients. `detail` and `cause` are for operators and not enumerable, so that no serializer
 * carries them by accident.
 */
export class AccessError extends Error {
  override readonly name: string = 'AccessError';
  /** Why the request was refused; see ERRORS.md. */
  readonly code: AccessErrorCode;
  /** HTTP status: 400, 401, 403, 500 or 503. */
  readonly status: number;
  /** The same as {@link status}, under the name that Express and Fastify read. */
  readonly statusCode: number;
  /** Whether the message is for the client: what is its own doing. Koa and http-errors ask. */
  readonly expose: boolean;
  /** Headers a framework's error handler must send: the challenge, `Cache-Control`, `Retry-After`. */
  readonly headers: ErrorHeaders;
  declare readonly detail: RefusalDetail;
  declare readonly cause?: unknown;

  constructor(fields: AccessErrorFields) {
    super(fields.message);
    this.code = fields.code;
    this.status = fields.status;
    this.statusCode = fields.status;
    this.expose = fields.status < 500;
    this.headers = fields.headers;
    define(this, 'name', 'AccessError');
    define(this, 'detail', fields.detail);
    define(this, 'cause', own(fields, 'cause'));
    define(this, 'stack', `AccessError: ${fields.message}`);
  }
}

/** Defines a property that is not enumerable. A descriptor is read through its prototype, and so has none. */
function define(error: AccessError, name: string, value: unknown): void {
  Object.defineProperty(error, name, bare({ value, enumerable: false }));
}

/** An option that cannot be honoured. Thrown while the server is made, never for what a client sent. */
export class ConfigurationError extends Error {
  override readonly name: string = 'ConfigurationError';
  /** The option at fault, as a path: `keys.timeoutSeconds`. */
  readonly option: string;

  constructor(option: string, problem: string) {
    super(`${option}: ${problem}`);
    this.option = option;
  }
}
