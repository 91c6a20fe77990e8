import { isLoopbackHost } from './loopback.js';

/** Where documents of one issuer may come from. */
export interface FetchTerms {
  /** Whether plain http may be used: never, to this machine only, or wherever the issuer's owner said so. */
  readonly plainHttp: 'never' | 'loopback' | 'anywhere';
  /** The only hosts that may be asked, with or without port; `undefined` for all. */
  readonly hosts: ReadonlySet<string> | undefined;
  /**
   * Which addresses may be connected to: any for an issuer that was configured, whose owner knows where it is; public ones
   * alone for one that a token named.
   */
  readonly addresses: 'any' | 'public';
}

/** Whether a request for `url` must stay on this machine. */
export function isLoopbackOnly(url: URL, { plainHttp }: FetchTerms): boolean {
  return url.protocol === 'http:' && plainHttp === 'loopback';
}

/** Whether `url` is https, or http where the terms allow it. */
export function schemeIsPermitted(url: URL, plainHttp: FetchTerms['plainHttp']): boolean {
  if (url.protocol === 'https:') return true;
  if (url.protocol !== 'http:') return false;
  return plainHttp === 'anywhere' || (plainHttp === 'loopback' && isLoopbackHost(url.hostname));
}

/** The host of a URL with its port, also where that is the one of its scheme. */
export function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
