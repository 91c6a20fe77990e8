import type { Signer } from './signers.js';

/** One part of a JWS as it is written. */
export function segment(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** A JWS with exactly this header and payload, signed by this key whatever the header says. */
export function compactJws(header: object, payload: object, signer: Signer): string {
  const input = `${segment(header)}.${segment(payload)}`;
  return `${input}.${signer.sign(input).toString('base64url')}`;
}
