import type { AccessErrorCode, RefusalDetail } from '../errors.js';
import { bare } from '../objects/bare.js';
import { own } from '../objects/members.js';

/** What is known about the credential that a refusal concerns. */
export interface RefusalContext {
  readonly scheme?: 'Bearer' | 'DPoP' | undefined;
  /** The issuer of the token, only where it is trusted. */
  readonly issuer?: string | undefined;
}

interface RefusalFields {
  /** What the failed check expected, in words. */
  readonly expected?: string | undefined;
  /** What the check found. */
  readonly found?: Shown | undefined;
  /** The exception behind the refusal, where there is one. */
  readonly cause?: unknown;
  /** Seconds until a failed dependency is tried again. */
  readonly retryAfterSeconds?: number | undefined;
}

/*
 * Fields and Context are classes, so that each member is an own property. An absent member would be
 * read from `Object.prototype`, and a polluted value there would reach the client. Instances of
 * classes are cheaper than objects without a prototype.
 */

class Fields implements RefusalFields {
  readonly expected: string | undefined;
  readonly found: Shown | undefined;
  readonly cause: unknown;
  readonly retryAfterSeconds: number | undefined;

  constructor(fields: RefusalFields) {
    this.expected = own(fields, 'expected');
    this.found = own(fields, 'found');
    this.cause = own(fields, 'cause');
    this.retryAfterSeconds = own(fields, 'retryAfterSeconds');
  }
}

class Context implements RefusalContext {
  readonly scheme: RefusalContext['scheme'];
  readonly issuer: string | undefined;

  constructor(scheme: RefusalContext['scheme'], issuer: string | undefined) {
    this.scheme = scheme;
    this.issuer = issuer;
  }
}

const noFields = Object.freeze(new Fields({}));

/** The context of a decision that concerns no credential. */
export const noContext: RefusalContext = Object.freeze(new Context(undefined, undefined));

/** The refusal of one step: a small frozen value. The decision makes the `AccessError` from it. */
export class Refusal {
  readonly code: AccessErrorCode;
  readonly fields: RefusalFields;
  readonly context: RefusalContext;

  constructor(code: AccessErrorCode, fields: RefusalFields = noFields, context: RefusalContext = noContext) {
    this.code = code;
    this.fields = fields instanceof Fields ? fields : new Fields(fields);
    this.context = context instanceof Context ? context : new Context(own(context, 'scheme'), own(context, 'issuer'));
    Object.freeze(this);
  }

  /** The same refusal with this context added. Members that `context` does not have are kept. */
  withContext(context: RefusalContext): Refusal {
    const scheme = own(context, 'scheme') ?? this.context.scheme;
    const issuer = own(context, 'issuer') ?? this.context.issuer;
    return new Refusal(this.code, this.fields, new Context(scheme, issuer));
  }

  /** The details for operators. */
  get detail(): RefusalDetail {
    const { expected, found } = this.fields;
    return Object.freeze(
      bare({ ...(expected !== undefined && { expected }), ...(found !== undefined && { found: String(found) }) }),
    );
  }
}

const maxShownLength = 200;

/**
 * A value from a token for {@link RefusalDetail.found}: a JSON string of printable ASCII, cut at
 * 200 characters, so that a token cannot forge a log line or a terminal sequence. The string is
 * made when it is read: the details of most refusals are never read.
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

/**
 * Wraps a value for {@link RefusalDetail.found}. Use it only for `typ`, `alg`, `kid`, `iss`, `aud`,
 * `exp`, `nbf`, `iat`, `scope` and `acr`: no other value of a token may be shown.
 */
export function shown(value: unknown): Shown {
  return new Shown(value);
}
