import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import type { Persistent } from '../state/persistent.js';
import { Misfit, shape, text } from '../state/read.js';
import { type Certificate, type CertificateRequest, inPem, makeCertificate } from './certificate.js';
import { type CertifiedKey, certify, keyIdOf } from './certify.js';

const readContent = shape<{ cert: string; key: string }>({ cert: text, key: text });

/** Signs the certificates that an issuer makes. Its key is made when it is first needed. */
export class CertificateAuthority implements Persistent {
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

  snapshot(): unknown {
    if (this.#identity === undefined) return undefined;
    const { cert, key } = inPem(this.#identity);
    return { cert, key };
  }

  /** Certificates that were signed in an earlier run stay good. */
  restore(data: unknown): void {
    const { cert, key } = readContent(data, '');
    const identity = identityOf(cert, key);
    if (identity === undefined) throw new Misfit('.cert', 'the certificate of an authority over its key, both in PEM');
    this.#identity = identity;
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

function identityOf(cert: string, key: string): CertifiedKey | undefined {
  try {
    const certificate = new X509Certificate(cert);
    const privateKey = createPrivateKey(key);
    const name = /^CN=(.+)$/.exec(certificate.subject)?.[1];
    if (name === undefined || !certificate.ca || !certificate.checkPrivateKey(privateKey)) return undefined;
    return { certificate: certificate.raw, subject: [['CN', name]], keyId: keyIdOf(privateKey), privateKey };
  } catch {
    return undefined;
  }
}
