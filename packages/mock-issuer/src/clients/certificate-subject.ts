/** Members of a registration that say whose certificate a client has, one of them and no more (RFC 8705 section 2.1.2). */
export interface CertificateSubject {
  /** The subject as RFC 4514 writes it: `CN=api,O=Example`. */
  readonly tls_client_auth_subject_dn?: string;
  /** A dNSName among its alternative names. */
  readonly tls_client_auth_san_dns?: string;
  /** A uniformResourceIdentifier among its alternative names. */
  readonly tls_client_auth_san_uri?: string;
  /** An iPAddress among its alternative names. */
  readonly tls_client_auth_san_ip?: string;
  /** An rfc822Name among its alternative names. */
  readonly tls_client_auth_san_email?: string;
}

/** The members there are. */
export const subjectMembers: readonly (keyof CertificateSubject)[] = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
];
