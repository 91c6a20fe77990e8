import { Refusal } from '../model/refusal.js';
import type { HttpRequest } from '../model/request.js';
import { Credential } from '../model/stages.js';
import { memberOf } from '../objects/members.js';
import { fieldValue, nextLine } from './field-lines.js';
import { isToken68, schemeEnd } from './grammar.js';
import { carriesTokenElsewhere } from './token-elsewhere.js';

/** Settings of this step. */
export interface CredentialSettings {
  /** Whether a token in the URL or in a form body refuses the request or is ignored. */
  readonly tokenElsewhere: 'reject' | 'ignore';
}

const missing = new Refusal('credentials_missing', { expected: 'an access token' });
const repeated = new Refusal('credentials_repeated', { expected: 'one Authorization line' });
const truncated = new Refusal('credentials_malformed', {
  expected: 'at most as many header lines as the HTTP server keeps',
});
const malformed = new Refusal('credentials_malformed', { expected: 'Bearer, spaces, one token68' });
const elsewhere = new Refusal('token_elsewhere', { expected: 'the access token in the Authorization header only' });

/**
 * Reads the credential of a request (RFC 6750 section 2.1, RFC 9110 section 11.4). It does not
 * check that the token is a token68: `refuseGrammar` does.
 *
 * @returns `undefined` where the request has no credential, or one of another scheme than Bearer
 */
export function readCredential(request: HttpRequest, settings: CredentialSettings): Credential | Refusal | undefined {
  // The HTTP server has dropped lines. A second Authorization line could be among them.
  if (memberOf(request, 'headersTruncated') === true) return truncated;
  const { rawHeaders } = request;
  const line = nextLine(rawHeaders, 'authorization');
  // Servers and proxies disagree about which of two lines is used (RFC 9110 section 5.3).
  if (line !== -1 && nextLine(rawHeaders, 'authorization', line + 2) !== -1) return repeated;
  if (settings.tokenElsewhere === 'reject' && carriesTokenElsewhere(request)) return elsewhere;
  const value = line === -1 ? '' : fieldValue(rawHeaders, line);
  return value === '' ? undefined : parseCredential(value);
}

function parseCredential(value: string): Credential | Refusal | undefined {
  // Fast path for the most common spelling.
  const end = value.startsWith('Bearer ') ? 'Bearer'.length : schemeEnd(value);
  if (end === 0) return malformed;
  if (value.slice(0, end).toLowerCase() !== 'bearer') return undefined;
  let start = end;
  while (value[start] === ' ') start++;
  return start === end ? malformed : new Credential('Bearer', value.slice(start));
}

/**
 * Refuses a credential whose token is not a token68. This check is separate from `readCredential`,
 * because it is needed only for some tokens: a cached token and a well-formed JWS are token68s.
 */
export function refuseGrammar({ token }: Credential): Refusal | undefined {
  return isToken68(token) ? undefined : malformed;
}

/** Makes a bearer credential from a token without a scheme. */
export function credentialOf(token: unknown): Credential | Refusal {
  if (typeof token !== 'string' || token === '') return missing;
  return isToken68(token) ? new Credential('Bearer', token) : new Refusal('token_malformed', { expected: 'a token68' });
}
