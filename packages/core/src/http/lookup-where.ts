import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLoopbackAddress } from '../model/loopback.js';

const ours: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * Resolves a name for a connection that must stay on this machine. Asked when the socket connects,
 * since a name may be loopback when it is configured and elsewhere afterwards.
 */
export const lookupLoopback: LookupFunction = (hostname, options, callback) => {
  const answer = (failure: Error | null, addresses: readonly LookupAddress[] | undefined) => {
    const inside = (addresses ?? []).filter(({ address }) => isLoopbackAddress(address));
    const [first] = inside;
    if (failure !== null) callback(failure, '', 0);
    else if (first === undefined) callback(new Error(`${hostname} is not on this machine`), '', 0);
    else if (options.all === true) callback(null, inside);
    else callback(null, first.address, first.family);
  };
  // RFC 6761 section 6.3: names below localhost are never asked of the network.
  if (hostname.endsWith('.localhost')) answer(null, ours);
  else lookup(hostname, { ...options, all: true }, answer);
};
