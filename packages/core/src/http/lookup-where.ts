import type { LookupFunction } from 'node:net';
import { NetworkError } from '../model/ports.js';
import type { ResolveName } from './resolve-name.js';

/**
 * Resolves names for connections that may only go to some addresses. Asked when the socket connects, and the answer is
 * what it connects to: a name may be one thing when it is judged and another afterwards.
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
