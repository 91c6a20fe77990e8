import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLoopbackAddress } from '../model/loopback.js';

/**
 * Resolves a name for a connection that must stay on this machine. Asked when the socket connects,
 * since a name may be loopback when it is configured and elsewhere afterwards.
 */
export const lookupLoopback: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (failure, addresses) => {
    const inside = (addresses ?? []).filter(({ address }) => isLoopbackAddress(address));
    const [first] = inside;
    if (failure !== null) callback(failure, '', 0);
    else if (first === undefined) callback(new Error(`${hostname} is not on this machine`), '', 0);
    else if (options.all === true) callback(null, inside satisfies LookupAddress[]);
    else callback(null, first.address, first.family);
  });
};
