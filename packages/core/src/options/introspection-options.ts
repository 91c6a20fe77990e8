/**
 * The client credentials of this API at an introspection endpoint, and the method that sends them.
 *
 * The credentials are checked by the endpoint, not at start-up. Rejected credentials are a fault of
 * this server: every request with an introspected token is answered with 503, never with 401, and
 * a process warning is emitted (`RS_INTROSPECTION_CREDENTIALS`).
 *
 * @see RFC 7662 section 2.1
 * @example
 * import type { ClientAuthenticationOptions } from '@resource-server/core';
 *
 * const clientAuthentication: ClientAuthenticationOptions = {
 *   method: 'client_secret_basic',
 *   clientId: 'reports-api',
 *   clientSecret: process.env['CLIENT_SECRET'] ?? '',
 * };
 */
export type ClientAuthenticationOptions =
  | {
      /**
       * Sends a shared secret: in the Authorization header (`client_secret_basic`), or in the form
       * of the request (`client_secret_post`).
       *
       * @see RFC 6749 section 2.3.1
       */
      readonly method: 'client_secret_basic' | 'client_secret_post';
      /** The `client_id` under which the issuer has registered this API. A non-empty string. */
      readonly clientId: string;
      /** The client secret that the issuer has assigned. A non-empty string. */
      readonly clientSecret: string;
    }
  | {
      /**
       * Sends a signed assertion. Each call has a new one, which expires after 60 seconds. Its only
       * audience is the issuer identifier (RFC 10070).
       *
       * @see RFC 7523 section 2.2
       */
      readonly method: 'private_key_jwt';
      /** The `client_id` under which the issuer has registered this API. A non-empty string. */
      readonly clientId: string;
      /**
       * The key that signs the assertions: a private JWK. Its `alg` selects the algorithm; without
       * `alg` it is RS256 for an RSA key, else the algorithm of the curve. Its `kid` goes into the
       * header of each assertion.
       *
       * @see RFC 7517 section 4
       */
      readonly privateKey: object;
    }
  | {
      /**
       * Authenticates by a TLS client certificate: one from a certificate authority
       * (`tls_client_auth`), or one that is registered at the issuer
       * (`self_signed_tls_client_auth`).
       *
       * @see RFC 8705 section 2
       */
      readonly method: 'tls_client_auth' | 'self_signed_tls_client_auth';
      /** The `client_id` under which the issuer has registered this API. A non-empty string. */
      readonly clientId: string;
      /**
       * The certificate in PEM. Required, unless the server has a custom `fetch`: then it is not
       * allowed, and the certificate has to be configured in that `fetch`.
       */
      readonly certificate?: string;
      /**
       * The private key of the certificate, in PEM. It must belong to the certificate. Required,
       * unless the server has a custom `fetch`: then it is not allowed.
       */
      readonly privateKey?: string;
    };

/**
 * How tokens of one issuer are introspected: the issuer's endpoint states whether a token is
 * active, and what its claims are. The answer is validated like the claims of a JWT: `iss`, `aud`,
 * `exp` and `nbf` count, and an active token for another audience is refused.
 *
 * @see RFC 7662
 * @example
 * import { createResourceServer } from '@resource-server/core';
 *
 * const server = createResourceServer({
 *   issuer: {
 *     issuer: 'https://login.example.com',
 *     introspection: {
 *       clientAuthentication: {
 *         method: 'client_secret_basic',
 *         clientId: 'reports-api',
 *         clientSecret: process.env['CLIENT_SECRET'] ?? '',
 *       },
 *     },
 *   },
 *   audience: 'https://api.example.com',
 * });
 */
export interface IntrospectionOptions {
  /**
   * URL of the introspection endpoint. It must be https; http is allowed only where the issuer
   * itself may use http.
   *
   * @default `introspection_endpoint` of the issuer's metadata
   * @see RFC 8414 section 2
   */
  readonly endpoint?: string | URL;
  /**
   * Which tokens are introspected. `'opaque'`: tokens that are not JWTs; JWTs are verified with the
   * issuer's keys. `'always'`: every token, so that a revoked token is refused at once.
   *
   * With `'always'` the signature of a JWT is NOT verified here: the endpoint's answer takes its
   * place. The type, `aud`, `exp`, `nbf` and profile of the JWT are validated before the call.
   *
   * @default 'opaque'
   */
  readonly mode?: 'opaque' | 'always';
  /** The client credentials of this API at the endpoint. */
  readonly clientAuthentication: ClientAuthenticationOptions;
  /**
   * Request signed answers, and accept no others. An answer must be signed with a key of the
   * issuer. Its `aud` must name the `clientId` or one of the audiences of this API. Another answer
   * is 503.
   *
   * @default false
   * @see RFC 9701
   */
  readonly signedResponse?: boolean;
}

/**
 * How long answers of introspection endpoints are cached. Errors are never cached. Active and
 * inactive answers have separate caches, so that made-up tokens evict no valid one.
 *
 * @see RFC 7662 section 4
 * @example
 * import { createResourceServer } from '@resource-server/core';
 *
 * const server = createResourceServer({
 *   issuer: {
 *     issuer: 'https://login.example.com',
 *     introspection: {
 *       clientAuthentication: {
 *         method: 'client_secret_basic',
 *         clientId: 'reports-api',
 *         clientSecret: process.env['CLIENT_SECRET'] ?? '',
 *       },
 *     },
 *   },
 *   audience: 'https://api.example.com',
 *   introspectionCache: { positiveSeconds: 30, negativeSeconds: 5 },
 * });
 */
export interface IntrospectionCacheOptions {
  /**
   * How long the answer for an active token is cached, in seconds, and never past its `exp`. A
   * revoked token is accepted for up to this time. From 0 to 3600.
   */
  readonly positiveSeconds: number;
  /** How long the answer for an inactive token is cached, in seconds. From 0 to 300. */
  readonly negativeSeconds: number;
  /**
   * How many answers of each kind are cached. A whole number from 1 to 1 000 000. Answers for
   * active tokens also have a common limit of 16 MiB.
   *
   * @default 10_000
   */
  readonly maxEntries?: number;
}
