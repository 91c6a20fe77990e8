import { type LookupAddress, lookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { bare } from '../objects/bare.js';

/** Finds the IP addresses of a host name. Rejects if it has none. */
export type ResolveName = (hostname: string) => Promise<readonly LookupAddress[]>;

const loopbackAddresses: readonly LookupAddress[] = Object.freeze([
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]);

/** RFC 6761 section 6.3: these names must not be looked up in the network. */
function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** Resolves a name with the operating system, including its hosts file. */
export const resolveBySystem: ResolveName = async (hostname) => {
  // The hosts file may contain other addresses for `localhost` itself.
  if (hostname !== 'localhost' && isLocalhost(hostname)) return loopbackAddresses;
  return new Promise((resolve, reject) => {
    lookup(hostname, bare({ all: true as const }), (failure, addresses) => {
      if (failure === null) resolve(addresses);
      else reject(failure);
    });
  });
};

/**
 * Resolves a name by DNS alone, for names that an attacker may choose.
 *
 * The operating system resolves names in the thread pool. Two names whose DNS server does not
 * respond would block every other look-up of the process.
 */
export const resolveByDns: ResolveName = async (hostname) => {
  if (isLocalhost(hostname)) return loopbackAddresses;
  const resolver = new Resolver(bare({ timeout: 1000, tries: 2 }));
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
  return [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
  ];
};
