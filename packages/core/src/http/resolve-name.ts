import { type LookupAddress, lookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { bare } from '../objects/bare.js';

/** Finds the addresses of a name. Rejects where there are none. */
export type ResolveName = (hostname: string) => Promise<readonly LookupAddress[]>;

const thisMachine: readonly LookupAddress[] = Object.freeze([
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]);

/** RFC 6761 section 6.3: these names are never asked of the network. */
function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** As the operating system resolves names, its own files included. */
export const resolveBySystem: ResolveName = async (hostname) => {
  // The files of the system may say otherwise of localhost itself.
  if (hostname !== 'localhost' && isThisMachine(hostname)) return thisMachine;
  return new Promise((resolve, reject) => {
    lookup(hostname, bare({ all: true as const }), (failure, addresses) => {
      if (failure === null) resolve(addresses);
      else reject(failure);
    });
  });
};

/**
 * By DNS alone, for names that strangers chose. The operating system resolves in a thread of the pool, and two names whose
 * server does not answer would stop every other look-up of the process.
 */
export const resolveByDns: ResolveName = async (hostname) => {
  if (isThisMachine(hostname)) return thisMachine;
  const resolver = new Resolver(bare({ timeout: 1000, tries: 2 }));
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
  return [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
  ];
};
