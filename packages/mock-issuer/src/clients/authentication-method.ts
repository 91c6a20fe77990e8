/** How a client shows that it is the one it says (RFC 6749 section 2.3.1, RFC 7523 section 2.2, RFC 8705 section 2). */
export type ClientAuthenticationMethod =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'none';

/** The methods an issuer has, in the order in which metadata names them; some need TLS, where it asks for certificates. */
export function methodsWith({ tls }: { readonly tls: boolean }): readonly ClientAuthenticationMethod[] {
  return [
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    ...(tls ? (['tls_client_auth', 'self_signed_tls_client_auth'] as const) : []),
    'none',
  ];
}
