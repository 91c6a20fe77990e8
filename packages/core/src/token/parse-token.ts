import { decodeCompactJws, type KnownHeaders, looksLikeCompactJws } from '../jws/compact.js';
import type { JsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { Refusal } from '../model/refusal.js';
import { type Credential, OpaqueToken, ParsedToken } from '../model/stages.js';

/** Settings of this step. */
export interface TokenSettings {
  /** The longest token that is parsed, in octets. */
  readonly maxTokenBytes: number;
}

const maxIdentifierLength = 256;
/**
 * Header parameters that change how a JWS is read (RFC 7515 section 4.1.11, RFC 7797 section 7).
 */
const unsupportedParameters = ['crit', 'b64'];

/** Whether a token has the size and the shape of a JWS. It runs before any hashing or decoding. */
export function couldBeJws({ token }: Credential, settings: TokenSettings): boolean {
  // A token68 is ASCII, so that its length is its number of octets.
  return token.length <= settings.maxTokenBytes && looksLikeCompactJws(token);
}

/**
 * Parses a token as a JWS that names its issuer (RFC 7515 section 5.2, RFC 7519 section 7.2). It
 * verifies nothing. A token without three segments is opaque.
 *
 * @param known decoded headers of verified tokens, so that they are not decoded again
 */
export function parseToken(
  credential: Credential,
  settings: TokenSettings,
  known?: KnownHeaders,
): ParsedToken | OpaqueToken | Refusal {
  if (!couldBeJws(credential, settings)) return readOpaque(credential, settings);
  const jws = decodeCompactJws(credential.token, known);
  if (jws instanceof Malformed) return malformed(jws.reason);
  const { header, payload } = jws;
  const fault = headerFault(header) ?? identifierFault(payload, 'jti');
  if (fault !== undefined) return malformed(fault);
  const { iss } = payload;
  if (iss === undefined) return new Refusal('claim_missing', { expected: 'iss' });
  if (typeof iss !== 'string') return new Refusal('claim_malformed', { expected: 'iss: a string' });
  const { alg, kid } = header as { alg: string; kid?: string };
  return new ParsedToken(credential, jws, { issuer: iss, algorithm: alg, kid });
}

function readOpaque(credential: Credential, { maxTokenBytes }: TokenSettings): OpaqueToken | Refusal {
  if (credential.token.length <= maxTokenBytes) return new OpaqueToken(credential);
  return new Refusal('token_too_large', { expected: `at most ${maxTokenBytes} octets` });
}

function headerFault(header: JsonObject): string | undefined {
  if (typeof header['alg'] !== 'string') return 'alg: not a string';
  if (header['typ'] !== undefined && typeof header['typ'] !== 'string') return 'typ: not a string';
  if (header['kid'] !== undefined && typeof header['kid'] !== 'string') return 'kid: not a string';
  for (const name of unsupportedParameters) if (Object.hasOwn(header, name)) return `${name}: not supported`;
  return identifierFault(header, 'kid');
}

/** Limits the length of identifiers: they are stored and used as keys. */
function identifierFault(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  const tooLong = typeof value === 'string' && value.length > maxIdentifierLength;
  return tooLong ? `${name}: longer than ${maxIdentifierLength} characters` : undefined;
}

function malformed(reason: string): Refusal {
  return new Refusal('token_malformed', { expected: `a well-formed JWS (${reason})` });
}
