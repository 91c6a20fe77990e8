import { isIP } from 'node:net';
import { type FetchTerms, hostAndPort, schemeIsPermitted } from '../model/fetch-terms.js';
import { NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { isPublicAddress } from './public-address.js';

/** Refuses an address before anything is connected. URLs come out of metadata, and so from outside. */
export function assertPermitted(url: URL, terms: FetchTerms): void {
  const fault = faultOf(url, terms);
  if (fault !== undefined) throw new NetworkError('not_permitted', `${shortUrl(url)}: ${fault}`);
}

function faultOf(url: URL, { plainHttp, hosts, addresses }: FetchTerms): string | undefined {
  if (!schemeIsPermitted(url, plainHttp)) return 'not https';
  if (url.username !== '' || url.password !== '') return 'with credentials';
  if (hosts !== undefined && !isAmong(hosts, url)) return 'not among the allowed hosts';
  // Sockets look nothing up where the host is an address already.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (addresses === 'public' && isIP(host) !== 0 && !isPublicAddress(host)) return 'not a public address';
  return undefined;
}

/** A host without a port allows every port of it; one with a port that one alone, the scheme's own too. */
function isAmong(hosts: ReadonlySet<string>, url: URL): boolean {
  return hosts.has(url.hostname) || hosts.has(hostAndPort(url));
}
