import { isLoopbackHost } from './loopback.js';

/** Where documents of one issuer may come from. */
export interface FetchTerms {
  /** Whether plain http may be used: never, to this machine only, or wherever the issuer's owner said so. */
  readonly plainHttp: 'never' | 'loopback' | 'anywhere';
  /** The only hosts that may be asked, with or without port; `undefined` for all. */
  readonly hosts: ReadonlySet<string> | undefined;
}

/** Whether `url` is https, or http where the terms allow it. */
export function schemeIsPermitted(url: URL, plainHttp: FetchTerms['plainHttp']): boolean {
  if (url.protocol === 'https:') return true;
  if (url.protocol !== 'http:') return false;
  return plainHttp === 'anywhere' || (plainHttp === 'loopback' && isLoopbackHost(url.hostname));
}
