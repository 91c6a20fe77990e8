import type { AccessErrorCode, RefusalDetail } from '../errors.js';
import { bare } from '../objects/bare.js';
import { own } from '../objects/members.js';

/** Which credential a refusal concerns, as far as that is established. */
export interface RefusalContext {
  readonly scheme?: 'Bearer' | 'DPoP' | undefined;
  /** A trusted issuer. */
  readonly issuer?: string | undefined;
}

interface RefusalFields {
  /** What the check wanted, in words. */
  readonly expected?: string | undefined;
  /** What it found. */
  readonly found?: Shown | undefined;
  /** What was thrown, when something was. */
  readonly cause?: unknown;
  /** When a failed dependency is tried again. */
  readonly retryAfterSeconds?: number | undefined;
}

/*
 * Instances of classes, in which each member is an own property: one that was not given would otherwise be read from
 * `Object.prototype`, and what a polluted one holds would reach the client. Cheaper than objects without a prototype.
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

/** A step's "no": a small frozen value. The `AccessError` is made of it where the decision is rendered. */
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

  /** The same refusal, and what is known of the credential. */
  concerning(context: RefusalContext): Refusal {
    const scheme = own(context, 'scheme') ?? this.context.scheme;
    const issuer = own(context, 'issuer') ?? this.context.issuer;
    return new Refusal(this.code, this.fields, new Context(scheme, issuer));
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
