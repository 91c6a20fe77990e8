import type { Certificate, CertificateRequest } from './certificates/certificate.js';
import type { Dpop } from './dpop/dpop.js';

/** What clients show to use tokens that are bound to them, made in this process. */
export interface Possession {
  /** Keys and proofs of DPoP, good ones and bad ones (RFC 9449). */
  readonly dpop: Dpop;
  /**
   * The certificate, in PEM, of the authority that {@link Possession.certificate} and the option `tls: 'self-signed'` have: what to trust.
   * Each issuer has another one, unless a state file keeps it.
   */
  readonly certificateAuthority: string;
  /**
   * Makes a certificate with a key on P-256: of a client, to show the issuer or a server under test; or of such a server, with
   * `ip: '127.0.0.1'`.
   *
   * @throws TypeError when the request has an unknown or ill-typed member.
   */
  certificate(request?: CertificateRequest): Certificate;
}
