import { hash } from 'node:crypto';
import type { CompactJws } from '../jws/compact.js';
import type { JsonObject } from '../jws/json.js';
import type { PublicKey } from '../jws/public-key.js';

/*
 * What a token is between two rooms. Each room takes the stage before its own and makes the next;
 * classes with a private field, because two interfaces of one shape would be one type and a room
 * could be skipped without the compiler noticing.
 */

/** What a request shows of itself in one scheme. Nothing is known of the token in it. */
export class Credential {
  readonly scheme: 'Bearer';
  readonly #token: string;
  #digest: string | undefined;

  constructor(scheme: 'Bearer', token: string) {
    this.scheme = scheme;
    this.#token = token;
  }

  get token(): string {
    return this.#token;
  }

  /** SHA-256 of the token: a name for it that is none of its secrets. */
  get digest(): string {
    this.#digest ??= hash('sha256', this.#token, 'base64url');
    return this.#digest;
  }
}

/** A token that is no JWS: only its issuer knows what it means. */
export class OpaqueToken {
  readonly #credential: Credential;

  constructor(credential: Credential) {
    this.#credential = credential;
  }

  get credential(): Credential {
    return this.#credential;
  }
}

/** A well-formed JWS that names its issuer. Nothing in it has been verified. */
export class ParsedToken {
  readonly credential: Credential;
  /** The `iss` it claims. */
  readonly issuer: string;
  readonly algorithm: string;
  readonly kid: string | undefined;
  readonly #jws: CompactJws;

  constructor(
    credential: Credential,
    jws: CompactJws,
    header: { issuer: string; algorithm: string; kid: string | undefined },
  ) {
    this.credential = credential;
    this.issuer = header.issuer;
    this.algorithm = header.algorithm;
    this.kid = header.kid;
    this.#jws = jws;
  }

  get jws(): CompactJws {
    return this.#jws;
  }
}

/** A token whose signature is its issuer's. What it says is still to be judged. */
export class SignedToken {
  readonly credential: Credential;
  readonly issuer: string;
  readonly kid: string | undefined;
  readonly algorithm: string;
  /** The key that the signature was verified with. */
  readonly key: PublicKey;
  readonly #jws: CompactJws;

  constructor(token: ParsedToken, key: PublicKey) {
    this.credential = token.credential;
    this.issuer = token.issuer;
    this.kid = token.kid;
    this.algorithm = token.algorithm;
    this.key = key;
    this.#jws = token.jws;
  }

  get header(): JsonObject {
    return this.#jws.header;
  }

  get claims(): JsonObject {
    return this.#jws.payload;
  }
}

const noHeader: JsonObject = Object.freeze(Object.create(null));

/** A token that its issuer says is active (RFC 7662 section 2.2). What it says of it is still to be judged. */
export class IntrospectedToken {
  readonly credential: Credential;
  readonly issuer: string;
  readonly #answer: JsonObject;
  readonly #header: JsonObject;

  /** @param header what a JWT says of itself; an opaque token has none */
  constructor(credential: Credential, issuer: string, answer: JsonObject, header: JsonObject = noHeader) {
    this.credential = credential;
    this.issuer = issuer;
    this.#answer = answer;
    this.#header = header;
  }

  get header(): JsonObject {
    return this.#header;
  }

  get claims(): JsonObject {
    return this.#answer;
  }
}

/** A token for which its issuer vouches: by a signature, or by saying so when it was asked. */
export type VouchedToken = SignedToken | IntrospectedToken;

/** What the timeless rules read out of the claims, typed. Times are NumericDates in seconds. */
export interface TokenFacts {
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  /** `undefined` only where an issuer that was asked did not say. */
  readonly expiresAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
}

/** What a token is by every rule that no clock and no policy can change. The token itself is not in it. */
export class Verification {
  readonly issuer: string;
  readonly facts: TokenFacts;
  readonly #claims: JsonObject;

  constructor(token: VouchedToken, facts: TokenFacts) {
    this.issuer = token.issuer;
    this.facts = Object.freeze(facts);
    this.#claims = token.claims;
  }

  get claims(): JsonObject {
    return this.#claims;
  }
}

/** What a token is whose signature was verified here: all that a cache may remember of it. */
export class LocalVerification extends Verification {
  readonly kid: string | undefined;
  readonly algorithm: string;
  /** The key that the signature was verified with. */
  readonly key: PublicKey;
  /** The rules it was judged by. By others it may be something else. */
  readonly rules: object;

  constructor(token: SignedToken, facts: TokenFacts, rules: object) {
    super(token, facts);
    this.kid = token.kid;
    this.algorithm = token.algorithm;
    this.key = token.key;
    this.rules = rules;
  }
}

/** An access token for us, presented. When it is valid, and for whom, is still to be judged. */
export class VerifiedToken {
  readonly credential: Credential;
  /** Whether it was verified before, and is remembered. */
  readonly isCached: boolean;
  readonly #verification: Verification;

  constructor(credential: Credential, verification: Verification, isCached = false) {
    this.credential = credential;
    this.isCached = isCached;
    this.#verification = verification;
  }

  get verification(): Verification {
    return this.#verification;
  }

  get issuer(): string {
    return this.#verification.issuer;
  }

  get facts(): TokenFacts {
    return this.#verification.facts;
  }

  get claims(): JsonObject {
    return this.#verification.claims;
  }
}

/** A verified token at a moment at which it is valid. */
export class ValidToken {
  readonly #token: VerifiedToken;

  constructor(token: VerifiedToken) {
    this.#token = token;
  }

  get token(): VerifiedToken {
    return this.#token;
  }
}

/** A valid token in the hands of whom it was issued to, as far as its binding can tell. */
export class ConfirmedToken {
  readonly binding: 'none';
  readonly #token: VerifiedToken;

  constructor(valid: ValidToken, binding: 'none') {
    this.binding = binding;
    this.#token = valid.token;
  }

  get token(): VerifiedToken {
    return this.#token;
  }
}
