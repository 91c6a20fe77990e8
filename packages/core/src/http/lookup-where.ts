import type { LookupFunction } from 'node:net';
import { NetworkError } from '../model/ports.js';
import type { ResolveName } from './resolve-name.js';

/**
 * Resolves host names for connections that may only go to some addresses.
 *
 * The look-up happens when the socket connects, and the socket connects to the checked address.
 * With a separate, earlier check the name could resolve to another address afterwards.
 */
export function lookupWhere(isPermitted: (address: string) => boolean, resolveName: ResolveName): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname).then(
      (addresses) => {
        const permitted = addresses.filter(({ address }) => isPermitted(address));
        const [first] = permitted;
        if (first === undefined) callback(new NetworkError('not_permitted', 'has no permitted address'), '', 0);
        else if (options.all === true) callback(null, permitted);
        else callback(null, first.address, first.family);
      },
      (failure: Error) => callback(failure, '', 0),
    );
  };
}
