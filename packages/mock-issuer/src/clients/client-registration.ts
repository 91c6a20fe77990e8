import type { SignatureAlgorithm } from '../algorithms.js';
import type { ClientAuthenticationMethod } from './authentication-method.js';
import type { CertificateSubject } from './certificate-subject.js';
import type { ClientJwks } from './public-jwks.js';

/** What clients and resource servers are registered with, under the names of RFC 7591 section 2. */
interface Registration extends CertificateSubject {
  /** Who it is; visible ASCII, and nobody else's. */
  readonly client_id: string;
  /** Its secret, for the methods `client_secret_basic` and `client_secret_post`; any text but the empty one. */
  readonly client_secret?: string;
  /** How it authenticates, at every endpoint; another way is refused. Default `'client_secret_basic'`. */
  readonly token_endpoint_auth_method?: ClientAuthenticationMethod;
  /**
   * Its public keys: for `private_key_jwt` those that verify its assertions, for `self_signed_tls_client_auth` those with its certificate
   * in `x5c`.
   */
  readonly jwks?: ClientJwks;
  /** Where its public keys are instead, fetched whenever they are needed: from loopback, and from the option `clientDocumentHosts`. */
  readonly jwks_uri?: string;
  /** The algorithm of its assertions (RFC 7591 section 2). Default: any that {@link SignatureAlgorithm} names. */
  readonly token_endpoint_auth_signing_alg?: SignatureAlgorithm;
  /**
   * The scopes it may have, with spaces between them. For a resource server: the scopes it knows; introspection tells it of no others
   * (RFC 9701 section 5). Default: all of them.
   */
  readonly scope?: string;
  /** The algorithm of signed introspection answers to it (RFC 9701 section 6). Default `'RS256'`. */
  readonly introspection_signed_response_alg?: SignatureAlgorithm;
}

/** A client: it gets tokens, and learns by introspection of its own and no others. */
export interface ClientRegistration extends Registration {
  /** Its name, for people. */
  readonly client_name?: string;
  /** Where its users are sent back to; absolute URLs of visible ASCII without a fragment, none of them of a scheme that runs in a page. */
  readonly redirect_uris?: readonly string[];
  /** Its authorization requests are refused unless they were pushed (RFC 9126 section 6). Default false. */
  readonly require_pushed_authorization_requests?: boolean;
  /** Its tokens are bound to a key, and token requests without a DPoP proof refused (RFC 9449 section 5.2). Default false. */
  readonly dpop_bound_access_tokens?: boolean;
  /**
   * Its tokens are bound to its certificate, and token requests without one refused (RFC 8705 section 3.4), however it authenticates; only
   * with the option `tls`. Default false.
   */
  readonly tls_client_certificate_bound_access_tokens?: boolean;
  /** The grants it may use. Default: those of RFC 7591, `authorization_code` alone. */
  readonly grant_types?: readonly string[];
}

/** A resource server: it has credentials for introspection and for nothing else (RFC 9701 section 3). */
export interface ResourceServerRegistration extends Registration {
  /** The audiences it answers to: a token for none of them is inactive to it (RFC 7662 section 2.2). Default: it is told of every token. */
  readonly audience?: string | readonly string[];
}
