import { certifiedHost, type ServerTls, type TlsOptions } from '../http/listener.js';
import type { CertificateAuthority } from './certificate-authority.js';

/** What a server of these options shows, and whom it trusts: the issuer's own authority, and the one of the options. */
export function serverTls(tls: TlsOptions | 'self-signed', authority: CertificateAuthority): ServerTls {
  if (tls === 'self-signed') return { ...authority.forLoopback(), ca: [authority.pem] };
  return { ...tls, ca: tls.ca === undefined ? [authority.pem] : [tls.ca, authority.pem] };
}

/** The name under which a server of these options is found. */
export function serverName(tls: TlsOptions | 'self-signed'): string {
  const host = tls === 'self-signed' ? undefined : certifiedHost(tls);
  return host ?? '127.0.0.1';
}
