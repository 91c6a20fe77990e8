import { randomBytes } from 'node:crypto';
import { type Certificate, type CertificateRequest, inPem, makeCertificate } from './certificate.js';
import { type CertifiedKey, certify } from './certify.js';

/** Signs the certificates that an issuer makes. Its key is made when it is first needed. */
export class CertificateAuthority {
  #identity: CertifiedKey | undefined;

  /** Its own certificate in PEM: what those trust who are shown certificates that it signed. */
  get pem(): string {
    return inPem(this.#own()).cert;
  }

  /** @throws TypeError when the request has an unknown or ill-typed member. */
  issue(request: CertificateRequest = {}): Certificate {
    return makeCertificate(request, () => this.#own());
  }

  /** The certificate of a server on this machine. */
  forLoopback(): Certificate {
    return this.issue({ subject: { CN: 'mock issuer' }, ip: '127.0.0.1', dns: 'localhost' });
  }

  #own(): CertifiedKey {
    // A name of its own: whoever trusts two authorities of the same name finds the wrong one of them.
    this.#identity ??= certify({
      subject: [['CN', `mock issuer authority ${randomBytes(8).toString('hex')}`]],
      isAuthority: true,
    });
    return this.#identity;
  }
}
