import { isLoopbackHost } from './loopback.js';

/** From where the documents of one issuer may be fetched. */
export interface FetchTerms {
  /**
   * Whether plain http may be used: never, on loopback only, or anywhere (`dangerouslyAllowHttp`).
   */
  readonly plainHttp: 'never' | 'loopback' | 'anywhere';
  /** The permitted hosts, with or without port; `undefined` permits all. */
  readonly hosts: ReadonlySet<string> | undefined;
  /**
   * The permitted IP addresses. `'any'` for a configured issuer: the operator knows where it is.
   * `'public'` for an issuer that a token names: an attacker could name a host of the private
   * network.
   */
  readonly addresses: 'any' | 'public';
}

/** Whether a request for `url` may connect to loopback addresses only. */
export function isLoopbackOnly(url: URL, { plainHttp }: FetchTerms): boolean {
  return url.protocol === 'http:' && plainHttp === 'loopback';
}

/** Whether `url` uses https, or http where the terms permit it. */
export function schemeIsPermitted(url: URL, plainHttp: FetchTerms['plainHttp']): boolean {
  if (url.protocol === 'https:') return true;
  if (url.protocol !== 'http:') return false;
  return plainHttp === 'anywhere' || (plainHttp === 'loopback' && isLoopbackHost(url.hostname));
}

/** The host of a URL with its port. The default port of the scheme is included. */
export function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
