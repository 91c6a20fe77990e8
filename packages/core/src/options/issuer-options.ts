import type { SignatureAlgorithm } from '../jws/algorithms.js';
import type { IntrospectionOptions } from './introspection-options.js';

/**
 * A JSON Web Key Set as plain data.
 *
 * @see RFC 7517 section 5
 */
export interface JSONWebKeySet {
  /** The keys, each a JWK (RFC 7517 section 4). */
  readonly keys: readonly object[];
}

/**
 * One trusted issuer with its own settings. Use it where the identifier alone is not enough.
 *
 * @example
 * import { createResourceServer } from '@resource-server/core';
 *
 * const server = createResourceServer({
 *   issuer: [
 *     'https://login.example.com',
 *     {
 *       issuer: 'https://partner.example',
 *       audience: 'urn:example:partner-api',
 *       tokenProfile: 'jwt',
 *       algorithms: ['ES256'],
 *     },
 *   ],
 *   audience: 'https://api.example.com',
 * });
 */
export interface IssuerOptions {
  /**
   * Issuer identifier: an https URL without query, fragment and credentials. http is allowed on
   * loopback only, or with `dangerouslyAllowHttp`. The `iss` of a token must be identical to it,
   * character by character.
   *
   * @see RFC 8414 section 2
   */
  readonly issuer: string;
  /**
   * Audience for tokens of this issuer: one of these strings must be in `aud`. `null` disables the
   * audience check, so that tokens for every other API of this issuer are accepted too.
   *
   * @default the `audience` of the server; required in an answer of `resolve` when that is `null`
   * @see RFC 9068 section 4
   */
  readonly audience?: string | readonly string[] | null;
  /**
   * URL of the issuer's JWK set, instead of discovery. Not allowed together with `jwks`.
   *
   * @default `jwks_uri` of the issuer's metadata
   * @see RFC 8414 section 3
   * @see OpenID Connect Discovery 1.0 section 4
   */
  readonly jwksUri?: string | URL;
  /**
   * The issuer's keys themselves, instead of any fetch. At least one key must be usable. The keys
   * are never replaced: a key that the issuer withdraws stays valid here.
   *
   * @see RFC 7517 section 5
   */
  readonly jwks?: JSONWebKeySet;
  /**
   * The algorithms that may sign tokens of this issuer. `none` and the HMAC algorithms are never
   * allowed. A key without `alg` is used for the algorithm of its curve. An RSA key without `alg`
   * is used for RS256, or for the one RSA algorithm in this list when there is only one.
   *
   * @default RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519 (or EdDSA)
   * @see RFC 8725 section 3.1
   */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /**
   * Which kind of JWT counts as an access token.
   *
   * `'rfc9068'` accepts only JWTs with `typ: at+jwt` and all claims of RFC 9068 section 2.2.
   *
   * `'jwt'` is for issuers that predate RFC 9068. `typ` may be absent or `JWT`. Only `iss`, `exp`
   * and (unless the audience is `null`) `aud` are required. A JWT with marks of an ID token, a
   * logout token or another kind of JWT is refused. An ID token without such a mark is NOT
   * detected: use an audience that no client has as its `client_id`.
   *
   * @default 'rfc9068'
   * @see RFC 9068 section 2.2
   * @see RFC 8725 section 3.11
   */
  readonly tokenProfile?: 'rfc9068' | 'jwt';
  /**
   * Names of the claims that contain the scopes. The first claim that is present counts. With
   * `'rfc9068'` it must be a string of scopes separated by spaces; with `'jwt'` it may also be an
   * array of strings.
   *
   * @default ['scope'], or ['scope', 'scp'] for JWTs with `tokenProfile: 'jwt'`
   * @see RFC 9068 section 2.2.3
   */
  readonly scopeClaims?: readonly string[];
  /**
   * Introspect the tokens of this issuer: opaque tokens, or all tokens.
   *
   * @default off: opaque tokens are refused
   * @see RFC 7662
   */
  readonly introspection?: IntrospectionOptions;
  /**
   * Accept an issuer with http that is not on loopback, for private networks and containers. An
   * attacker on the network path can then replace the keys and forge every token. A process warning
   * is emitted (`RS_HTTP_ISSUER`).
   *
   * @default off: such an issuer is a `ConfigurationError`
   */
  readonly dangerouslyAllowHttp?: true;
}

/**
 * Issuers that are resolved when a token names them, for tenants that are unknown when the server
 * is created.
 *
 * @example
 * import { createResourceServer } from '@resource-server/core';
 *
 * const tenants = new Map([['https://login.example.com/tenant-1', 'urn:example:tenant-1']]);
 * const server = createResourceServer({
 *   issuer: {
 *     resolve: (iss) => {
 *       const audience = tenants.get(iss);
 *       return audience === undefined ? null : { issuer: iss, audience };
 *     },
 *   },
 *   audience: null,
 * });
 */
export interface IssuerResolverOptions {
  /**
   * Decides whether an issuer is trusted. Nothing is fetched from an issuer before this function
   * has returned settings for it, and then only from public addresses. Decide by a list, or by a
   * rule that an attacker cannot satisfy.
   *
   * It is called once for an `iss`, not for each token. Settings are cached for
   * `keys.maxAgeSeconds`, and `null` for `keys.cooldownSeconds`: at most 10 000 results with
   * settings and 1000 results of `null`. A thrown error is answered with 500, and a result later
   * than `keys.timeoutSeconds` with 503. Neither is cached.
   *
   * @param iss the `iss` of a token whose signature has NOT been verified: an https URL in its
   *   normal form, without user, query and fragment, of at most 512 characters. Another `iss` is
   *   refused without a call.
   * @returns settings whose `issuer` is identical to `iss`, or `null` for an issuer that is not
   *   trusted
   * @throws every thrown error is answered with 500 (`callback_failed`)
   */
  resolve(iss: string): IssuerOptions | null | Promise<IssuerOptions | null>;
}
