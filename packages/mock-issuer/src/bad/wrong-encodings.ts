import type { JsonObject } from '../judge.js';
import { compact, encodeSegment, type SegmentSource, type Segments, signJws, signSegments } from '../jws.js';
import { type Draft, overlay, signDraft } from '../mint.js';
import { lastBitsSet, padded } from './base64url-variants.js';
import type { BadToken, Workshop } from './workshop.js';

/** Tokens that are signed rightly and written wrongly (RFC 7515 sections 2 and 7.1, RFC 7519 section 7.2). */
export interface WrongEncodings {
  /** `=` behind the signature: as many as standard base64 would have, one where it would have none. */
  readonly paddedBase64: BadToken;
  /**
   * The last character of the signature has a bit set that decoding drops. Signatures of ES384 and ES512 have no such bit, and there it is
   * the last character of the payload, signed as it stands.
   */
  readonly nonCanonicalBase64: BadToken;
  /** The payload begins with a UTF-8 byte order mark. */
  readonly byteOrderMark: BadToken;
  /** A claim `note` holds the byte 0xFF, which is in no UTF-8 text. */
  readonly invalidUtf8: BadToken;
  /** The payload is an array with the claims in it. */
  readonly arrayPayload: BadToken;
  /** A claim `deep` is 64 arrays one in another. */
  readonly deepPayload: BadToken;
  /** A claim `padding` brings the token to 9 000 characters, or a few more. */
  readonly oversized: BadToken;
  /** A fourth segment behind the signature. */
  readonly fourSegments: BadToken;
}

const OVERSIZED_CHARACTERS = 9_000;
const DEPTH = 64;

/** Makes the tokens of {@link WrongEncodings}. */
export function wrongEncodings({ mint }: Workshop): WrongEncodings {
  const withPayload =
    (payloadOf: (claims: JsonObject, draft: Draft) => SegmentSource): BadToken =>
    async (request) => {
      const draft = await mint.draft(request);
      return signJws(draft.header, payloadOf(draft.claims, draft), draft.key);
    };
  return {
    paddedBase64: async (request) => padded(signDraft(await mint.draft(request))),
    nonCanonicalBase64: async (request) => compact(withUnusedBits(await mint.draft(request))),
    byteOrderMark: withPayload((claims) => `\uFEFF${JSON.stringify(claims)}`),
    invalidUtf8: withPayload(withInvalidByte),
    arrayPayload: withPayload((claims) => [claims]),
    deepPayload: withPayload((claims) => ({ ...claims, deep: nested(DEPTH) })),
    oversized: withPayload((claims, draft) => {
      const room = OVERSIZED_CHARACTERS - signDraft(draft).length;
      return { ...claims, padding: 'x'.repeat(Math.max(1, Math.ceil((room * 3) / 4))) };
    }),
    fourSegments: async (request) => `${signDraft(await mint.draft(request))}.${encodeSegment({})}`,
  };
}

function withUnusedBits({ header, claims, key }: Draft): Segments {
  const text = JSON.stringify(claims);
  const good = signSegments(encodeSegment(header), encodeSegment(text), key);
  if (good.signature.length % 4 !== 0) return { ...good, signature: lastBitsSet(good.signature) };
  // A space more leaves bits over where the text filled its last character; JSON does not mind.
  const payload = encodeSegment(Buffer.byteLength(text) % 3 === 0 ? `${text} ` : text);
  return signSegments(good.header, lastBitsSet(payload), key);
}

function withInvalidByte(claims: JsonObject): Uint8Array {
  const text = JSON.stringify({ ...overlay(claims, { note: undefined }), note: '' });
  const quote = Buffer.from(text.slice(-2));
  return Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.of(0xff), quote]);
}

function nested(depth: number): unknown[] {
  return depth === 1 ? [] : [nested(depth - 1)];
}
