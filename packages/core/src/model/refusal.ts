import type { AccessErrorCode, RefusalDetail } from '../errors.js';

/** Which credential a refusal concerns, as far as that is established. */
export interface RefusalContext {
  readonly scheme?: 'Bearer' | 'DPoP';
  /** A trusted issuer. */
  readonly issuer?: string;
}

interface RefusalFields extends RefusalDetail {
  /** What was thrown, when something was. */
  readonly cause?: unknown;
  /** When a failed dependency is tried again. */
  readonly retryAfterSeconds?: number;
}

/** A room's "no": a small frozen value. The `AccessError` is made of it at the door. */
export class Refusal {
  readonly code: AccessErrorCode;
  readonly fields: RefusalFields;
  readonly context: RefusalContext;

  constructor(code: AccessErrorCode, fields: RefusalFields = {}, context: RefusalContext = {}) {
    this.code = code;
    this.fields = fields;
    this.context = context;
    Object.freeze(this);
  }

  /** The same refusal, and what is known of the credential. */
  concerning(context: RefusalContext): Refusal {
    return new Refusal(this.code, this.fields, { ...this.context, ...context });
  }

  /** What operators may read of it. */
  get detail(): RefusalDetail {
    const { expected, found } = this.fields;
    return Object.freeze({ ...(expected !== undefined && { expected }), ...(found !== undefined && { found }) });
  }
}

const maxShownLength = 200;

/**
 * Prepares a value out of a token for {@link RefusalDetail.found}: a JSON string of printable
 * ASCII, cut at 200 characters, so that no token can write a log line or a terminal sequence.
 * Only typ, alg, kid, iss, aud, exp, nbf, iat, scope and acr may be shown.
 */
export function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'nothing').replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return text.length > maxShownLength ? `${text.slice(0, maxShownLength - 3)}...` : text;
}
