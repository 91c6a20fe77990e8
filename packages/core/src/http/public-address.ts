import { BlockList, isIP } from 'node:net';

/**
 * IPv4 blocks that are not globally reachable (IANA special-purpose registry, RFC 6890), multicast,
 * and 168.63.129.16: at this public address a cloud provider serves its own machines.
 */
const specialBlocks: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * Globally reachable IPv6 blocks: global unicast, and NAT64, through which hosts without IPv4 reach
 * IPv4 addresses (RFC 6052).
 */
const reachable = new BlockList();
reachable.addSubnet('2000::', 3, 'ipv6');
reachable.addSubnet('64:ff9b::', 96, 'ipv6');

const special = new BlockList();
for (const [network, prefix] of specialBlocks) {
  special.addSubnet(network, prefix, 'ipv4');
  special.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6');
}
// Protocol assignments including Teredo, documentation, and 6to4. Teredo and 6to4 addresses contain
// an IPv4 address that an attacker can choose.
special.addSubnet('2001::', 23, 'ipv6');
special.addSubnet('2001:db8::', 32, 'ipv6');
special.addSubnet('2002::', 16, 'ipv6');
special.addSubnet('3fff::', 20, 'ipv6');

/**
 * Whether an IP address belongs to the public Internet. It does not if it belongs to this machine,
 * to a private network, or to a link-local network, where cloud metadata services answer. The same
 * holds for IPv6 addresses that map to one of those.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && reachable.check(address, 'ipv6') && !special.check(address, 'ipv6');
}
