import { bare } from './objects/bare.js';
import { own } from './objects/members.js';

/**
 * Every reason for which a request can be refused. The list is complete: each code is also in the
 * table of `challenge/` and in ERRORS.md.
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

/** Details of a refusal, for operators only. They are never sent to the client. */
export interface RefusalDetail {
  /** What the failed check expected, in words. */
  readonly expected?: string;
  /** What the check found, as a JSON string of printable ASCII, at most 200 characters. */
  readonly found?: string;
}

/** Response headers by name. A header with several field lines has a list of values. */
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
 * A refused request, as an `Error` for frameworks that need one.
 *
 * `message` and `stack` contain only the fixed public text, because default error handlers send
 * them to clients. `detail` and `cause` are for operators. They are not enumerable, so that a
 * serializer does not send them by accident.
 */
export class AccessError extends Error {
  override readonly name: string = 'AccessError';
  /** The reason of the refusal; see ERRORS.md. */
  readonly code: AccessErrorCode;
  /** HTTP status: 400, 401, 403, 500 or 503. */
  readonly status: number;
  /** The same as {@link status}; Express and Fastify read this name. */
  readonly statusCode: number;
  /** Whether the client may see the message: true below 500. Koa and http-errors read it. */
  readonly expose: boolean;
  /** Headers that an error handler must send: the challenge, `Cache-Control`, `Retry-After`. */
  readonly headers: ErrorHeaders;
  /** What was expected and what was found, for operators. Do not send it to the client. */
  declare readonly detail: RefusalDetail;
  /** The exception or `NetworkError` behind the refusal, where there is one. */
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

/**
 * Defines a property that is not enumerable. The descriptor has no prototype: `defineProperty`
 * would also read members that another package has put on `Object.prototype`.
 */
function define(error: AccessError, name: string, value: unknown): void {
  Object.defineProperty(error, name, bare({ value, enumerable: false }));
}

/**
 * An invalid option. It is thrown for what the application configured or called, never for what a
 * client sent.
 */
export class ConfigurationError extends Error {
  override readonly name: string = 'ConfigurationError';
  /** The path of the invalid option, such as `keys.timeoutSeconds`. */
  readonly option: string;

  constructor(option: string, problem: string) {
    super(`${option}: ${problem}`);
    this.option = option;
  }
}
