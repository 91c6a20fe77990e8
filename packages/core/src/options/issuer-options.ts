import type { SignatureAlgorithm } from '../jws/algorithms.js';
import type { IntrospectionOptions } from './introspection-options.js';

/** A JSON Web Key Set (RFC 7517 section 5), as plain data. */
export interface JSONWebKeySet {
  /** The keys, each a JWK. */
  readonly keys: readonly object[];
}

/** One trusted issuer, where its identifier alone does not say enough. */
export interface IssuerOptions {
  /** Issuer identifier: an https URL without query and fragment, compared with `iss` exactly. */
  readonly issuer: string;
  /** Instead of the server's `audience`, for tokens of this issuer. */
  readonly audience?: string | readonly string[] | null;
  /** Where its JWK set is, instead of discovery (RFC 8414 section 3, OpenID Connect Discovery section 4). */
  readonly jwksUri?: string | URL;
  /** Its keys, instead of any network. At least one must be usable. */
  readonly jwks?: JSONWebKeySet;
  /**
   * The algorithms it may sign with. Default: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and
   * Ed25519 (also named EdDSA). A key without `alg` is for RS256 when it is RSA, unless this names one
   * RSA algorithm only; else for the one of its curve.
   */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /**
   * `'rfc9068'` (the default) accepts only JWTs that say by `typ: at+jwt` that they are access tokens and have all
   * claims of RFC 9068 section 2.2. `'jwt'` is for issuers that predate it: `typ` may be absent or `JWT`,
   * only `iss`, `exp` and (unless audience is null) `aud` must be there, and whatever marks an ID token, a
   * logout token or another kind of JWT refuses it.
   */
  readonly tokenProfile?: 'rfc9068' | 'jwt';
  /**
   * The claims that scopes are read from; the first one present counts. Default `['scope']` with `'rfc9068'`,
   * where it must be a string; `['scope', 'scp']` with `'jwt'`, string or array of strings.
   */
  readonly scopeClaims?: readonly string[];
  /** Ask this issuer what its tokens are (RFC 7662): opaque ones, or all. */
  readonly introspection?: IntrospectionOptions;
  /**
   * Accept an http issuer that is not on loopback, for private networks and containers. Whoever is on the way
   * can then replace the keys; warns once (RS_HTTP_ISSUER).
   */
  readonly dangerouslyAllowHttp?: true;
}

/** Issuers that are found when a token names them: tenants that are not known when the server is made. */
export interface IssuerResolverOptions {
  /**
   * Says whether an issuer is trusted, and with which settings; `null` for no. Nothing is fetched of an issuer before it was
   * approved here, and then from public addresses alone, so approve by a list or a rule that no stranger can meet.
   *
   * Asked once for an `iss`, not for each token: a yes counts for `keys.maxAgeSeconds`, a no for
   * `keys.cooldownSeconds`; the last 10 000 and 1000 of them are remembered. What it throws is 500, an answer that takes longer than
   * `keys.timeoutSeconds` is 503, and neither is remembered.
   *
   * @param iss the `iss` of a token whose signature nobody has verified: an https URL in its normal form, without user, query and
   *   fragment, of at most 512 characters. Others are refused without asking.
   * @returns settings whose `issuer` is `iss`
   */
  resolve(iss: string): IssuerOptions | null | Promise<IssuerOptions | null>;
}
