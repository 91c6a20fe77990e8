import { isIP } from 'node:net';
import { type FetchTerms, hostAndPort, schemeIsPermitted } from '../model/fetch-terms.js';
import { NetworkError } from '../model/ports.js';
import { shortUrl } from '../model/short-url.js';
import { isPublicAddress } from './public-address.js';

/**
 * Refuses a URL before any connection is opened. URLs come from metadata, which is untrusted input.
 *
 * Does not check what a host name resolves to.
 *
 * @throws {NetworkError} `not_permitted`
 */
export function assertPermitted(url: URL, terms: FetchTerms): void {
  const fault = faultOf(url, terms);
  if (fault !== undefined) throw new NetworkError('not_permitted', `${shortUrl(url)}: ${fault}`);
}

function faultOf(url: URL, { plainHttp, hosts, addresses }: FetchTerms): string | undefined {
  if (!schemeIsPermitted(url, plainHttp)) return 'not https';
  if (url.username !== '' || url.password !== '') return 'contains credentials';
  if (hosts !== undefined && !isAmong(hosts, url)) return 'not among the allowed hosts';
  // Sockets perform no look-up if the host is an IP address, so it is checked here.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (addresses === 'public' && isIP(host) !== 0 && !isPublicAddress(host)) return 'not a public address';
  return undefined;
}

/**
 * An allowed host without a port allows every port. One with a port allows only this port, also if
 * it is the default port of the scheme.
 */
function isAmong(hosts: ReadonlySet<string>, url: URL): boolean {
  return hosts.has(url.hostname) || hosts.has(hostAndPort(url));
}
