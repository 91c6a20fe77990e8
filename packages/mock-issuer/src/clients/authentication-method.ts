/** How a client shows that it is the one it says (RFC 6749 section 2.3.1, RFC 7523 section 2.2, RFC 8705 section 2). */
export type ClientAuthenticationMethod =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'none';

/** What an issuer must have for some of the methods. */
export interface TlsTraits {
  /** It is reached over TLS, and asks for certificates. */
  readonly tls: boolean;
  /** It knows an authority that certificates may come from. */
  readonly authority: boolean;
}

/** The methods an issuer has, in the order in which metadata names them. */
export function methodsWith({ tls, authority }: TlsTraits): readonly ClientAuthenticationMethod[] {
  return [
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    ...(authority ? (['tls_client_auth'] as const) : []),
    ...(tls ? (['self_signed_tls_client_auth'] as const) : []),
    'none',
  ];
}
