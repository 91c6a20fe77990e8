import { createHash, type X509Certificate } from 'node:crypto';

/** The `x5t#S256` of a certificate: SHA-256 of its DER form in base64url (RFC 8705 section 3.1). */
export function certificateThumbprint({ raw }: X509Certificate): string {
  return createHash('sha256').update(raw).digest('base64url');
}
