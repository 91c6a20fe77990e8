/**
 * Who we are to an introspection endpoint (RFC 7662 section 2.1), and how we show it. A secret or key that is wrong is 503 for every
 * request and a process warning (RS_INTROSPECTION_CREDENTIALS), never 401.
 */
export type ClientAuthenticationOptions =
  | {
      /** A secret in the Authorization header (RFC 6749 section 2.3.1), or in the form. */
      readonly method: 'client_secret_basic' | 'client_secret_post';
      /** The `client_id` that the issuer gave this API. */
      readonly clientId: string;
      readonly clientSecret: string;
    }
  | {
      /** A signed assertion for each call, good for a minute (RFC 7523 section 2.2, RFC 10070). */
      readonly method: 'private_key_jwt';
      readonly clientId: string;
      /** A private JWK. Its `alg` says how it signs; without it RS256, or the algorithm of its curve. Its `kid` is sent along. */
      readonly privateKey: object;
    }
  | {
      /** A certificate of a known authority, or one that the issuer knows itself (RFC 8705 section 2). */
      readonly method: 'tls_client_auth' | 'self_signed_tls_client_auth';
      readonly clientId: string;
      /** The certificate and its private key, in PEM. Not with an own `fetch`, which has to bring its own. */
      readonly certificate?: string;
      readonly privateKey?: string;
    };

/** How tokens of one issuer are introspected (RFC 7662). */
export interface IntrospectionOptions {
  /** The endpoint, instead of `introspection_endpoint` of the issuer's metadata. */
  readonly endpoint?: string | URL;
  /**
   * `'opaque'` (the default) asks about tokens that are no JWTs; JWTs are verified with the issuer's keys. `'always'` asks about every token, so
   * that a revoked one is refused at once; then no JWT of this issuer is verified here.
   */
  readonly mode?: 'opaque' | 'always';
  /** Who we are to the endpoint. */
  readonly clientAuthentication: ClientAuthenticationOptions;
  /**
   * Ask for answers that the issuer has signed (RFC 9701), and accept no others: from its own keys, for our `clientId` or one of our audiences. Default false.
   */
  readonly signedResponse?: boolean;
}

/** For how long answers of introspection endpoints are repeated. */
export interface IntrospectionCacheOptions {
  /** Of active tokens, in seconds, and never past `exp`. 0 to 3600. A token that is revoked goes on for so long. */
  readonly positiveSeconds: number;
  /** Of tokens that are not active, in seconds. 0 to 300. */
  readonly negativeSeconds: number;
  /** How many answers of either kind. Default 10 000; 1 to 1 000 000. Active ones are at most 16 MiB in all. */
  readonly maxEntries?: number;
}
