import type { Signer } from './signers.js';

/** One encoded segment of a JWS. */
export function segment(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** A JWS with exactly this header and payload, signed with this key, whatever `alg` states. */
export function compactJws(header: object, payload: object, signer: Signer): string {
  const input = `${segment(header)}.${segment(payload)}`;
  return `${input}.${signer.sign(input).toString('base64url')}`;
}
