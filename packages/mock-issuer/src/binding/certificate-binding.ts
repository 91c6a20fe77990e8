import { certificateThumbprint } from '../certificates/thumbprint.js';
import { constraintTo, type TokenBinding } from './token-binding.js';

/**
 * Tokens are bound to the certificate of the connection (RFC 8705 section 3), for clients that registered to have it so: how a client
 * authenticates is another matter, so that public clients can be among them (section 4), and need not be trusted by anybody.
 */
export const certificateBinding: TokenBinding = {
  metadata: { tls_client_certificate_bound_access_tokens: true },
  constrain: ({ clientCertificate }, client) => {
    if (!client.isCertificateBound || clientCertificate === undefined) return undefined;
    return constraintTo({ 'x5t#S256': certificateThumbprint(clientCertificate.certificate) });
  },
};
