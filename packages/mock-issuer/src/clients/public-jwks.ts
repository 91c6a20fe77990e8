import type { JWK } from 'jose';
import { isLoopbackHost } from '../http/loopback-host.js';
import { isFilled, isObject, type Rule } from '../judge.js';

/** The public keys of a client (RFC 7517 section 5). */
export interface ClientJwks {
  readonly keys: readonly Readonly<JWK>[];
}

const isPublicKey = (value: unknown): boolean =>
  isObject(value) && isFilled(value['kty']) && value['d'] === undefined && value['k'] === undefined;

/** The rule for a client's keys. A private or secret one among them is a mistake worth an error. */
export const jwksRule: Rule = {
  expected: 'a JSON Web Key Set of public keys, not empty',
  accepts: (value) =>
    isObject(value) && Array.isArray(value['keys']) && value['keys'].length > 0 && value['keys'].every(isPublicKey),
};

/** The rule for where a client's keys are. */
export const jwksUriRule: Rule = {
  expected: 'an https URL, or http on loopback, without user name and password',
  accepts: isSafeUrl,
};

function isSafeUrl(value: unknown): boolean {
  if (!isFilled(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  // Whoever registers could have us send credentials of theirs to a server of this machine.
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url));
}
