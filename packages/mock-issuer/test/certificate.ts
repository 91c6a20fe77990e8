import { X509Certificate } from 'node:crypto';
import { inPem } from '../src/certificates/certificate.js';
import { type CertifiedKey, certify as made, type Wanted } from '../src/certificates/certify.js';

/** A certificate and its key, in PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** What stands behind each identity, by its certificate. */
const keys = new Map<string, CertifiedKey>();

/** A certificate of whoever a test needs: authorities, servers and clients that no issuer made. */
export function certify({ by, ...wanted }: Omit<Wanted, 'by'> & { readonly by?: Identity }): Identity {
  const signer = by && keys.get(by.cert);
  const certified = made({ ...wanted, ...(signer && { by: signer }) });
  const { cert, key } = inPem(certified);
  keys.set(cert, certified);
  return { cert, key };
}

/** The certificate as a JWK has it in `x5c`. */
export function x5cOf({ cert }: Identity): string {
  return new X509Certificate(cert).raw.toString('base64');
}
