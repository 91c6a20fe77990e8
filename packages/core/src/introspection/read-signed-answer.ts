import { type DocumentSigner, readSignedDocument } from '../discovery/signed-document.js';
import type { JsonObject, JsonValue } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import type { FetchedDocument } from '../model/ports.js';
import { type IntrospectionAnswer, readActive } from './read-answer.js';

/** How a signed answer is validated (RFC 9701 section 5). */
export interface SignedAnswerSettings extends DocumentSigner {
  /** The values that identify this resource server in `aud`. One of them must be present. */
  readonly audience: readonly string[];
}

const type = 'token-introspection+jwt';
/**
 * Largest difference between `iat` and now. The endpoint creates the answer for this request, so
 * only the difference between the two clocks remains.
 */
const maxAgeSeconds = 60;

/**
 * Reads the answer from a JWT that the issuer has signed for this resource server. Only the member
 * `token_introspection` is about the token; the other claims are about the answer.
 *
 * @param now in seconds since the epoch
 * @see RFC 9701 section 5
 */
export async function readSignedAnswer(
  { octets, contentType }: FetchedDocument,
  settings: SignedAnswerSettings,
  now: number,
): Promise<IntrospectionAnswer | Malformed> {
  // If unsigned answers were accepted too, the signature would protect nothing.
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
  if (!namesAudience(aud, settings.audience)) return 'aud: does not name this resource server';
  if (exp !== undefined && !(typeof exp === 'number' && now < exp + maxAgeSeconds))
    return 'exp: expired, or not a number';
  // The answer does not name the request. An old answer could be about another token.
  return typeof iat === 'number' && Math.abs(now - iat) <= maxAgeSeconds
    ? undefined
    : `iat: not within ${maxAgeSeconds} s of now`;
}

function namesAudience(aud: JsonValue | undefined, audience: readonly string[]): boolean {
  const named = Array.isArray(aud) ? (aud as readonly JsonValue[]) : [aud];
  return named.some((name) => typeof name === 'string' && audience.includes(name));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
