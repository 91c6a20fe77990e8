import { hash } from 'node:crypto';
import type { CompactJws } from '../jws/compact.js';
import type { JsonObject } from '../jws/json.js';
import type { PublicKey } from '../jws/public-key.js';

/*
 * The stages of a token between the steps of the pipeline. Each step takes the previous stage and
 * returns the next one. The stages are classes with a private field: two interfaces of the same
 * shape would be the same type, and the compiler would accept a pipeline that skips a step.
 */

/** The credential of a request: a scheme and a token. The token has not been parsed. */
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

  /** SHA-256 of the token in base64url: a cache key that does not reveal the token. */
  get digest(): string {
    this.#digest ??= hash('sha256', this.#token, 'base64url');
    return this.#digest;
  }
}

/** A token that is not a JWS. Only its issuer can tell what it means, by introspection. */
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
  /** The `iss` claim, unverified. */
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

/** A token with a verified signature of its issuer. Its claims have not been validated. */
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

/**
 * A token that is active according to its issuer (RFC 7662 section 2.2). The claims of the answer
 * have not been validated.
 */
export class IntrospectedToken {
  readonly credential: Credential;
  readonly issuer: string;
  readonly #answer: JsonObject;
  readonly #header: JsonObject;

  /** @param header the header of a JWT; an opaque token has none */
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

/** A token that comes from its issuer: proved by the signature, or by an introspection answer. */
export type IssuedToken = SignedToken | IntrospectedToken;

/** The claims that later steps need, typed. Times are NumericDates in seconds. */
export interface TokenFacts {
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  /** The `exp` claim; `undefined` only where an introspection answer has none. */
  readonly expiresAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
}

/**
 * The result of all steps that depend neither on the time nor on a policy. It does not contain the
 * token, so that it can be cached.
 */
export class Verification {
  readonly issuer: string;
  readonly facts: TokenFacts;
  readonly #claims: JsonObject;

  constructor(token: IssuedToken, facts: TokenFacts) {
    this.issuer = token.issuer;
    this.facts = Object.freeze(facts);
    this.#claims = token.claims;
  }

  get claims(): JsonObject {
    return this.#claims;
  }
}

/** The result for a token whose signature was verified here. Only such results are cached. */
export class LocalVerification extends Verification {
  readonly kid: string | undefined;
  readonly algorithm: string;
  /** The key that the signature was verified with. */
  readonly key: PublicKey;
  /** The claim rules that were applied. With other rules the result may differ. */
  readonly rules: object;

  constructor(token: SignedToken, facts: TokenFacts, rules: object) {
    super(token, facts);
    this.kid = token.kid;
    this.algorithm = token.algorithm;
    this.key = token.key;
    this.rules = rules;
  }
}

/** A verified access token for this API. Its times, revocation and binding are unchecked. */
export class VerifiedToken {
  readonly credential: Credential;
  /** Whether the result came from the token cache. */
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

/** A verified token whose times are valid now. */
export class ValidToken {
  readonly #token: VerifiedToken;

  constructor(token: VerifiedToken) {
    this.#token = token;
  }

  get token(): VerifiedToken {
    return this.#token;
  }
}

/** A valid token whose binding was checked: it is not bound to a key and needs no proof. */
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
