/**
 * The claims of an access token under their names of RFC 9068 section 2.2. Every other claim is
 * `unknown`. A JWT always has `iss` and `exp`. An introspection answer may omit them (RFC 7662
 * section 2.2).
 *
 * @see RFC 9068 section 2.2
 * @see RFC 7519 section 4.1
 */
export interface AccessTokenClaims {
  /** The issuer of the token. */
  readonly iss?: string;
  /** The end of validity, in seconds since the epoch. */
  readonly exp?: number;
  /** The audience: the APIs that the token is for. */
  readonly aud?: string | readonly string[];
  /** The subject: the user, or the client where no user is involved. */
  readonly sub?: string;
  /** The client that the token was issued to. */
  readonly client_id?: string;
  /** When the token was issued, in seconds since the epoch. */
  readonly iat?: number;
  /** The start of validity, in seconds since the epoch. */
  readonly nbf?: number;
  /** The identifier of the token, unique for its issuer. */
  readonly jti?: string;
  /** The scopes, separated by spaces; some issuers use a list. */
  readonly scope?: string | readonly string[];
  /** Any other claim. Its value comes from the issuer and has not been validated. */
  readonly [name: string]: unknown;
}

/** The fields of an {@link Auth}. */
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
  /** For each scope, every scope that it implies, directly or through other scopes. */
  readonly scopeImplies: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The authenticated caller and its rights. The object is deep-frozen, so that one handler cannot
 * change what another one reads.
 *
 * A user is identified by the pair of `issuer` and `subject`: two issuers may give the same subject
 * to two users.
 *
 * @see RFC 8725 section 3.8
 */
export class Auth<Claims = AccessTokenClaims> {
  /** The trusted issuer of the token. */
  readonly issuer: string;
  /** All audiences in `aud`, also those of other APIs; empty where the token has no `aud`. */
  readonly audience: readonly string[];
  /** The scopes in the token, without duplicates. Only `hasScope` considers implied scopes. */
  readonly scopes: readonly string[];
  /** The authentication scheme of the request. */
  readonly scheme: 'Bearer' | 'DPoP';
  /** How the token is bound to a key of the client; `'none'` for a bearer token. */
  readonly binding: 'none' | 'dpop' | 'mtls';
  /** The claims of the token, or the output of the `claims` schema. */
  readonly claims: Claims;
  /**
   * The end of validity, in seconds since the epoch. `undefined` where the introspection answer has
   * no `exp`.
   *
   * @see RFC 7519 section 4.1.4
   */
  readonly expiresAt: number | undefined;
  /** The claim `sub`; `undefined` where it is absent. The RFC 9068 profile requires it. */
  readonly subject: string | undefined;
  /**
   * The claim `client_id`. The RFC 9068 profile requires it. In the other profiles it may come from
   * `azp`, `cid` or `appid`, and is `undefined` where all of them are absent.
   */
  readonly clientId: string | undefined;
  readonly #token: string;
  readonly #scopeImplies: ReadonlyMap<string, ReadonlySet<string>>;

  /** @internal Created by a check, or by `fakeAuth` in tests. */
  constructor(fields: AuthFields<Claims>) {
    this.issuer = fields.issuer;
    this.audience = fields.audience;
    this.scopes = fields.scopes;
    this.scheme = fields.scheme;
    this.binding = fields.binding;
    this.claims = fields.claims;
    // Set also where it is undefined: an absent own property would be read from `Object.prototype`.
    this.expiresAt = fields.expiresAt;
    this.subject = fields.subject;
    this.clientId = fields.clientId;
    this.#token = fields.token;
    this.#scopeImplies = fields.scopeImplies;
    Object.freeze(this);
  }

  /**
   * Whether the token has the scope `name`, or a scope that implies it. The comparison is exact and
   * case-sensitive.
   */
  hasScope(name: string): boolean {
    return this.scopes.includes(name) || (this.#scopeImplies.size > 0 && this.#isImplied(name));
  }

  #isImplied(name: string): boolean {
    return this.scopes.some((scope) => this.#scopeImplies.get(scope)?.has(name));
  }

  /** The access token. It is a getter of the prototype, so that logs and JSON do not contain it. */
  get token(): string {
    return this.#token;
  }
}

// A handler that replaced `hasScope` on the prototype would give every scope to all later requests.
Object.freeze(Auth.prototype);
