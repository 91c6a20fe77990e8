import { compactJws } from './compact-jws.js';
import { keysOf } from './key-source-of.js';
import { type Signer, signerOf } from './signers.js';
import { statusListOf } from './status-list.js';

export const listIssuer = 'https://issuer.test';
export const listUri = `${listIssuer}/lists/1`;

const signer = signerOf('ES256');

/** The issuer whose signature is accepted for these lists. */
export const listSigner = { issuer: listIssuer, algorithms: new Set(['ES256'] as const), keys: keysOf(signer) };

/**
 * A status list token with eight statuses of one bit, of which the second is 1. A claim `undefined`
 * is removed.
 */
export function statusListToken(
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
  by: Signer = signer,
): string {
  const all = { sub: listUri, iat: 1000, status_list: statusListOf([0b10]), ...claims };
  return compactJws({ alg: 'ES256', typ: 'statuslist+jwt', ...header }, all, by);
}
