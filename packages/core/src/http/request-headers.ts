import type { DocumentRequest } from '../model/ports.js';
import { bare } from '../objects/bare.js';

/** The default request: a GET for metadata or a key set. */
export const plainRequest: DocumentRequest = Object.freeze(
  bare({ accept: 'application/json, application/jwk-set+json' }),
);

/** The headers of a request: accepted media types, no compression, form, our credentials. */
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
