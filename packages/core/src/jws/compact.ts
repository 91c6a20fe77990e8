import { decodeBase64url } from './base64url.js';
import { type JsonObject, parseJsonObject } from './json.js';
import { Malformed } from './malformed.js';

/** A JWS in compact serialization (RFC 7515 section 7.1): decoded, but not verified. */
export class CompactJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** The signed text: the first two segments exactly as received. */
  readonly signingInput: string;
  readonly signature: Uint8Array;

  constructor(header: JsonObject, payload: JsonObject, signingInput: string, signature: Uint8Array) {
    this.header = header;
    this.payload = payload;
    this.signingInput = signingInput;
    this.signature = signature;
  }
}

/** Whether `token` has the shape of a compact JWS: exactly two dots. Splits and decodes nothing. */
export function looksLikeCompactJws(token: string): boolean {
  const first = token.indexOf('.');
  if (first === -1) return false;
  const second = token.indexOf('.', first + 1);
  return second !== -1 && token.indexOf('.', second + 1) === -1;
}

/** Headers that were decoded before, by their base64url segments. */
export interface KnownHeaders {
  get(segment: string): JsonObject | undefined;
}

const none: KnownHeaders = { get: () => undefined };

/** Decodes a token for which {@link looksLikeCompactJws} is true. Does not verify the signature. */
export function decodeCompactJws(token: string, known: KnownHeaders = none): CompactJws | Malformed {
  const first = token.indexOf('.');
  const second = token.lastIndexOf('.');
  const segment = token.slice(0, first);
  const header = known.get(segment) ?? decodeObject(segment, 'header');
  if (header instanceof Malformed) return header;
  const payload = decodeObject(token.slice(first + 1, second), 'payload');
  if (payload instanceof Malformed) return payload;
  const signature = decodeBase64url(token.slice(second + 1));
  if (signature === undefined) return new Malformed('signature: not base64url');
  return new CompactJws(header, payload, token.slice(0, second), signature);
}

function decodeObject(segment: string, part: string): JsonObject | Malformed {
  const octets = decodeBase64url(segment);
  if (octets === undefined) return new Malformed(`${part}: not base64url`);
  const object = parseJsonObject(octets);
  return object instanceof Malformed ? new Malformed(`${part}: ${object.reason}`) : object;
}
