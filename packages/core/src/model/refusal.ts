import type { AccessErrorCode, RefusalDetail } from '../errors.js';
import { bare, emptyBare } from '../objects/bare.js';

/** Which credential a refusal concerns, as far as that is established. */
export interface RefusalContext {
  readonly scheme?: 'Bearer' | 'DPoP' | undefined;
  /** A trusted issuer. */
  readonly issuer?: string | undefined;
}

interface RefusalFields {
  /** What the check wanted, in words. */
  readonly expected?: string;
  /** What it found. */
  readonly found?: Shown;
  /** What was thrown, when something was. */
  readonly cause?: unknown;
  /** When a failed dependency is tried again. */
  readonly retryAfterSeconds?: number;
}

/** A field that was not given must not be read from `Object.prototype`: it would reach the client. */
function withoutPrototype<T extends object>(members: T): T {
  return Object.getPrototypeOf(members) === null ? members : bare(members);
}

const none: object = Object.freeze(emptyBare());

/** The context of a decision that concerns no credential. */
export const noContext: RefusalContext = none;

/** A room's "no": a small frozen value. The `AccessError` is made of it at the door. */
export class Refusal {
  readonly code: AccessErrorCode;
  readonly fields: RefusalFields;
  readonly context: RefusalContext;

  constructor(code: AccessErrorCode, fields: RefusalFields = none, context: RefusalContext = none) {
    this.code = code;
    this.fields = withoutPrototype(fields);
    this.context = withoutPrototype(context);
    Object.freeze(this);
  }

  /** The same refusal, and what is known of the credential. */
  concerning(context: RefusalContext): Refusal {
    const { scheme = this.context.scheme, issuer = this.context.issuer } = bare(context);
    return new Refusal(this.code, this.fields, { scheme, issuer });
  }

  /** What operators may read of it. */
  get detail(): RefusalDetail {
    const { expected, found } = this.fields;
    return Object.freeze(
      bare({ ...(expected !== undefined && { expected }), ...(found !== undefined && { found: String(found) }) }),
    );
  }
}

const maxShownLength = 200;

/**
 * A value out of a token for {@link RefusalDetail.found}: a JSON string of printable
 * ASCII, cut at 200 characters, so that no token can write a log line or a terminal sequence. Written when somebody looks: most
 * refusals are never looked at.
 */
class Shown {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  toString(): string {
    const text = (JSON.stringify(this.#value) ?? 'nothing').replace(
      /[^\x20-\x7e]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    return text.length > maxShownLength ? `${text.slice(0, maxShownLength - 3)}...` : text;
  }
}

/** Only typ, alg, kid, iss, aud, exp, nbf, iat, scope and acr may be shown. */
export function shown(value: unknown): Shown {
  return new Shown(value);
}
