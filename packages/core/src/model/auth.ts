/**
 * The claims of an access token as RFC 9068 section 2.2 names them; everything else is `unknown`. `iss` and `exp` are always there in a JWT;
 * an issuer that is asked about a token may leave them out (RFC 7662 section 2.2).
 */
export interface AccessTokenClaims {
  readonly iss?: string;
  readonly exp?: number;
  readonly aud?: string | readonly string[];
  readonly sub?: string;
  readonly client_id?: string;
  readonly iat?: number;
  readonly nbf?: number;
  readonly jti?: string;
  readonly scope?: string | readonly string[];
  readonly [name: string]: unknown;
}

/** What an {@link Auth} is made of. */
export interface AuthFields<Claims> {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  readonly scheme: 'Bearer' | 'DPoP';
  readonly binding: 'none' | 'dpop' | 'mtls';
  readonly claims: Claims;
  readonly expiresAt: number | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  readonly token: string;
  /** For a scope, every scope that it implies, directly or not. */
  readonly scopeImplies: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Who was admitted, and with what rights. Deep-frozen: what a handler does to it reaches nobody else.
 *
 * The identity is the pair of `issuer` and `subject` (RFC 8725 section 3.8): two issuers may give
 * one subject to two people.
 */
export class Auth<Claims = AccessTokenClaims> {
  /** The issuer that vouches for this token. */
  readonly issuer: string;
  /** Everybody the token is for, us among them; empty where the token names nobody. */
  readonly audience: readonly string[];
  /** The scopes the token carries, each once. */
  readonly scopes: readonly string[];
  /** The scheme the token was presented with. */
  readonly scheme: 'Bearer' | 'DPoP';
  /** How the token is bound to its holder. */
  readonly binding: 'none' | 'dpop' | 'mtls';
  /** The claims, or what the `claims` schema made of them. */
  readonly claims: Claims;
  /** End of validity, in seconds since the epoch (RFC 7519 section 4.1.4). `undefined` where an introspected token has none. */
  readonly expiresAt: number | undefined;
  /** `sub`. A string in the RFC 9068 profile; `undefined` where another token has no such claim. */
  readonly subject: string | undefined;
  /** `client_id`. A string in the RFC 9068 profile; `undefined` where another token has no such claim. */
  readonly clientId: string | undefined;
  readonly #token: string;
  readonly #scopeImplies: ReadonlyMap<string, ReadonlySet<string>>;

  /** @internal Made by a check, or by `fakeAuth` in tests. */
  constructor(fields: AuthFields<Claims>) {
    this.issuer = fields.issuer;
    this.audience = fields.audience;
    this.scopes = fields.scopes;
    this.scheme = fields.scheme;
    this.binding = fields.binding;
    this.claims = fields.claims;
    // Own properties also where they are undefined: a claim that a token lacks is never read from `Object.prototype`.
    this.expiresAt = fields.expiresAt;
    this.subject = fields.subject;
    this.clientId = fields.clientId;
    this.#token = fields.token;
    this.#scopeImplies = fields.scopeImplies;
    Object.freeze(this);
  }

  /** Whether the token carries the scope `name`, or one that implies it. Whole words, case-sensitive. */
  hasScope(name: string): boolean {
    return this.scopes.includes(name) || (this.#scopeImplies.size > 0 && this.#isImplied(name));
  }

  #isImplied(name: string): boolean {
    return this.scopes.some((scope) => this.#scopeImplies.get(scope)?.has(name));
  }

  /** The access token itself. On the prototype, so that no log and no JSON carries it. */
  get token(): string {
    return this.#token;
  }
}

// A handler that replaced hasScope on the prototype would grant every later request everything.
Object.freeze(Auth.prototype);
