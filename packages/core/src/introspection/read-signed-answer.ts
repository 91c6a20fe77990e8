import { type DocumentSigner, readSignedDocument } from '../discovery/signed-document.js';
import type { JsonObject, JsonValue } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { FetchedDocument } from '../model/ports.js';
import { type IntrospectionAnswer, readActive } from './read-answer.js';

/** What a signed answer is judged by (RFC 9701 section 5). */
export interface SignedAnswerSettings extends DocumentSigner {
  /** Who we may be in its `aud`. */
  readonly audience: readonly string[];
}

const type = 'token-introspection+jwt';
/** An answer is made when it is asked for: between two clocks that differ as clocks do. */
const maxAgeSeconds = 60;

/**
 * Reads the answer out of a JWT that the issuer has signed for us. Only the nested member counts: what stands beside it is about the
 * answer, not about the token.
 *
 * @param now in seconds since the epoch
 */
export async function readSignedAnswer(
  { octets, contentType }: FetchedDocument,
  settings: SignedAnswerSettings,
  now: number,
): Promise<IntrospectionAnswer | Malformed> {
  // An unsigned answer where a signed one was asked for would make the signature a courtesy.
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== `application/${type}`) return new Malformed(`not application/${type}`);
  const payload = await readSignedDocument(octets, type, settings);
  if (payload instanceof Malformed) return payload;
  const fault = claimsFault(payload, settings, now);
  if (fault !== undefined) return new Malformed(fault);
  const { token_introspection: answer } = payload;
  return isObject(answer) ? readActive(answer, octets.length) : new Malformed('token_introspection: not an object');
}

function claimsFault(
  { iss, aud, iat, exp }: JsonObject,
  settings: SignedAnswerSettings,
  now: number,
): string | undefined {
  if (iss !== settings.issuer) return 'iss: not the issuer';
  if (!namesUs(aud, settings.audience)) return 'aud: not us';
  if (exp !== undefined && !(typeof exp === 'number' && now < exp + maxAgeSeconds)) return 'exp: over, or not a date';
  // Nothing in it names the question: one of long ago could be about another token.
  return typeof iat === 'number' && Math.abs(now - iat) <= maxAgeSeconds ? undefined : 'iat: not now';
}

function namesUs(aud: JsonValue | undefined, audience: readonly string[]): boolean {
  const named = Array.isArray(aud) ? (aud as readonly JsonValue[]) : [aud];
  return named.some((name) => typeof name === 'string' && audience.includes(name));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
