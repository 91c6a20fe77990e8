import { isLoopbackHost } from '../http/loopback-host.js';
import { isFilled } from '../judge.js';
import { PROGRAM } from './judge-registrations.js';

/**
 * Why a client that registers itself cannot have its users sent there: it takes https, http on this machine, and schemes that a native app
 * made of a domain name (RFC 7591 section 5, RFC 8252 sections 7.1 and 8.4). Nobody has looked at it, so that this is stricter than what
 * is taken of those who make the issuer.
 */
export function redirectUriFault(uri: unknown): string | undefined {
  if (!isFilled(uri) || !/^[\x21-\x7e]+$/.test(uri)) return 'must be a string of visible ASCII characters';
  if (!URL.canParse(uri)) return 'must be an absolute URI';
  if (uri.includes('#')) return 'must have no fragment (RFC 6749 section 3.1.2)';
  if (PROGRAM.test(uri)) return 'is of a scheme that runs in a page';
  const url = new URL(uri);
  if (url.username !== '' || url.password !== '') return 'must have no user name and no password';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:') return isLoopbackHost(url) ? undefined : 'must be https, or http on loopback';
  return url.protocol.includes('.')
    ? undefined
    : 'must be https, http on loopback, or of a scheme made of a domain name such as com.example.app (RFC 8252 section 7.1)';
}
