import type { DocumentRequest } from '../model/ports.js';
import { bare } from '../objects/bare.js';

/** What is asked where nobody says otherwise: metadata or a key set. */
export const plainRequest: DocumentRequest = Object.freeze(
  bare({ accept: 'application/json, application/jwk-set+json' }),
);

/** What every request says: what is wanted, that nothing compressed is, and who asks. */
export function requestHeaders({ accept, form, authorization }: DocumentRequest): Record<string, string> {
  return bare({
    accept,
    'accept-encoding': 'identity',
    ...(form !== undefined && {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(form)),
    }),
    ...(authorization !== undefined && { authorization }),
  });
}
