import type { JsonObject } from './judge.js';
import { type SigningKey, signBytes } from './signing-key.js';

/** What becomes a segment: text and bytes as they are, anything else as JSON. */
export type SegmentSource = string | Uint8Array | JsonObject | readonly unknown[];

/** What signs: all that is asked of a key. */
type Signer = Pick<SigningKey, 'alg' | 'privateKey'>;

/** The three segments of a JWS in compact form. */
export interface Segments {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/** Base64url without padding (RFC 7515 section 2). */
export function encodeSegment(source: SegmentSource): string {
  if (typeof source === 'string' || source instanceof Uint8Array) return Buffer.from(source).toString('base64url');
  return Buffer.from(JSON.stringify(source)).toString('base64url');
}

/** Signs two segments exactly as they stand (RFC 7515 section 5.1). */
export function signSegments(header: string, payload: string, key: Signer): Segments {
  return { header, payload, signature: signBytes(key, `${header}.${payload}`).toString('base64url') };
}

/** The compact form (RFC 7515 section 3.1). */
export function compact({ header, payload, signature }: Segments): string {
  return `${header}.${payload}.${signature}`;
}

/** Encodes, signs and joins. The header is taken at its word: its alg and kid need not be those of the key. */
export function signJws(header: SegmentSource, payload: SegmentSource, key: Signer): string {
  return compact(signSegments(encodeSegment(header), encodeSegment(payload), key));
}

/** JSON text of `object` with one more member in front, its value spliced in unread. The name may occur a second time. */
export function withLeadingMember(object: JsonObject, name: string, rawValue: string): string {
  const rest = JSON.stringify(object).slice(1);
  return `{${JSON.stringify(name)}:${rawValue}${rest === '}' ? '' : ','}${rest}`;
}
