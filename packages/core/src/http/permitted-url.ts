import { type FetchTerms, schemeIsPermitted } from '../model/fetch-terms.js';
import { NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';

/** Refuses an address before anything is connected. URLs come out of metadata, and so from outside. */
export function assertPermitted(url: URL, { plainHttp, hosts }: FetchTerms): void {
  if (!schemeIsPermitted(url, plainHttp)) throw new NetworkError(`${shortUrl(url)}: not https`);
  if (url.username !== '' || url.password !== '') throw new NetworkError(`${shortUrl(url)}: with credentials`);
  if (hosts !== undefined && !hosts.has(url.host) && !hosts.has(url.hostname)) {
    throw new NetworkError(`${shortUrl(url)}: not among the allowed hosts`);
  }
}
