import type { X509Certificate } from 'node:crypto';
import type { CertificateSubject } from '../clients/certificate-subject.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { Exchange } from '../http/exchange.js';
import type { Credentials } from './credentials.js';
import { invalidClient } from './invalid-client.js';
import { isSameName } from './same-name.js';

type Check = (certificate: X509Certificate, expected: string) => boolean;

/** What each member of a registration asks of a certificate. */
const checks: Readonly<Record<keyof CertificateSubject, Check>> = {
  tls_client_auth_subject_dn: ({ subject }, expected) => isSameName(subject, expected),
  tls_client_auth_san_dns: (certificate, expected) =>
    certificate.checkHost(expected, { subject: 'never', wildcards: false }) !== undefined,
  tls_client_auth_san_uri: ({ subjectAltName = '' }, expected) =>
    subjectAltName.split(', ').some((name) => name === `URI:${expected}` || name === `URI:${JSON.stringify(expected)}`),
  tls_client_auth_san_ip: (certificate, expected) => certificate.checkIP(expected) !== undefined,
  tls_client_auth_san_email: (certificate, expected) =>
    certificate.checkEmail(expected, { subject: 'never' }) !== undefined,
};

/** tls_client_auth (RFC 8705 section 2.1): a certificate from the authority we trust, on the name that was registered. */
export function tlsClientAuth({ form, clientCertificate }: Exchange): Credentials | undefined {
  const clientId = form.one('client_id');
  if (clientId === undefined || clientCertificate === undefined) return undefined;
  const { certificate, trusted } = clientCertificate;
  return {
    method: 'tls_client_auth',
    clientId,
    verify: (client) => {
      if (!trusted) throw invalidClient('the client certificate does not lead to the authority of this issuer');
      assertSubject(certificate, client);
    },
  };
}

function assertSubject(certificate: X509Certificate, { id, certificateSubject }: RegisteredClient): void {
  for (const [member, expected] of Object.entries(certificateSubject)) {
    if (checks[member as keyof CertificateSubject](certificate, expected)) return;
    const found = member === 'tls_client_auth_subject_dn' ? certificate.subject : certificate.subjectAltName;
    throw invalidClient(`the certificate of '${id}' must have ${member} ${expected}, and has ${found ?? 'none'}`);
  }
  throw invalidClient(`'${id}' is registered for no certificate`);
}
