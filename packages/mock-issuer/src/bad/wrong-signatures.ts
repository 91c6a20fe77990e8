import { compact, encodeSegment, type Segments, signSegments } from '../jws.js';
import { type Draft, overlay } from '../mint.js';
import type { BadToken, Workshop } from './workshop.js';

/** Tokens whose signature is missing or does not fit (RFC 7515 section 5.2, RFC 8725 section 3.3). */
export interface WrongSignatures {
  /** `alg` none, and an empty signature. */
  readonly algNone: BadToken;
  /** A good token whose payload was given the scope `admin` after it was signed. */
  readonly tampered: BadToken;
  /** A good token with one bit of the signature flipped. */
  readonly tamperedSignature: BadToken;
  /** A good token whose third segment was emptied. */
  readonly strippedSignature: BadToken;
}

/** Makes the tokens of {@link WrongSignatures}. */
export function wrongSignatures({ mint }: Workshop): WrongSignatures {
  const altered =
    (alter: (good: Segments, draft: Draft) => Partial<Segments>): BadToken =>
    async (request) => {
      const draft = await mint.draft(request);
      const good = signSegments(encodeSegment(draft.header), encodeSegment(draft.claims), draft.key);
      return compact({ ...good, ...alter(good, draft) });
    };
  return {
    algNone: altered((_good, { header }) => ({
      header: encodeSegment(overlay(header, { alg: 'none' })),
      signature: '',
    })),
    tampered: altered((_good, { claims }) => ({
      payload: encodeSegment({ ...claims, scope: [claims['scope'], 'admin'].filter(Boolean).join(' ') }),
    })),
    tamperedSignature: altered(({ signature }) => ({ signature: flipBit(signature) })),
    strippedSignature: altered(() => ({ signature: '' })),
  };
}

/** Flips the lowest bit of the middle byte. */
function flipBit(segment: string): string {
  const bytes = Buffer.from(segment, 'base64url');
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  return bytes.toString('base64url');
}
