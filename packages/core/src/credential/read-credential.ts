import { Refusal } from '../model/refusal.js';
import type { HttpRequest } from '../model/request.js';
import { Credential } from '../model/stages.js';
import { memberOf } from '../objects/members.js';
import { fieldValue, nextLine } from './field-lines.js';
import { isToken68, schemeEnd } from './grammar.js';
import { carriesTokenElsewhere } from './token-elsewhere.js';

/** What this room is set to. */
export interface CredentialSettings {
  /** Whether a token in the URL or in a form body refuses the request, or is as if it were not there. */
  readonly tokenElsewhere: 'reject' | 'ignore';
}

const missing = new Refusal('credentials_missing', { expected: 'an access token' });
const repeated = new Refusal('credentials_repeated', { expected: 'one Authorization line' });
const truncated = new Refusal('credentials_malformed', { expected: 'no more header lines than the server keeps' });
const malformed = new Refusal('credentials_malformed', { expected: 'Bearer, spaces, one token68' });
const elsewhere = new Refusal('token_elsewhere', { expected: 'the access token in the Authorization header only' });

/**
 * Reads the credential out of a request (RFC 6750 section 2.1, RFC 9110 section 11.4).
 *
 * @returns `undefined` when the request carries none, or one of a scheme that is not ours
 */
export function readCredential(request: HttpRequest, settings: CredentialSettings): Credential | Refusal | undefined {
  // A second Authorization line could hide among those that the server has dropped.
  if (memberOf(request, 'headersTruncated') === true) return truncated;
  const { rawHeaders } = request;
  const line = nextLine(rawHeaders, 'authorization');
  // Servers and proxies disagree on which of two lines counts (RFC 9110 section 5.3).
  if (line !== -1 && nextLine(rawHeaders, 'authorization', line + 2) !== -1) return repeated;
  if (settings.tokenElsewhere === 'reject' && carriesTokenElsewhere(request)) return elsewhere;
  const value = line === -1 ? '' : fieldValue(rawHeaders, line);
  return value === '' ? undefined : parseCredential(value);
}

function parseCredential(value: string): Credential | Refusal | undefined {
  // Most clients write it so; every other spelling goes the long way.
  const end = value.startsWith('Bearer ') ? 'Bearer'.length : schemeEnd(value);
  if (end === 0) return malformed;
  if (value.slice(0, end).toLowerCase() !== 'bearer') return undefined;
  let start = end;
  while (value[start] === ' ') start++;
  return start === end ? malformed : new Credential('Bearer', value.slice(start));
}

/**
 * Refuses a credential whose token is no token68. Apart from reading it, because what was verified before, and what can be
 * read as a JWS, is one.
 */
export function refuseGrammar({ token }: Credential): Refusal | undefined {
  return isToken68(token) ? undefined : malformed;
}

/** Takes a token that came without a scheme for a bearer credential. */
export function credentialOf(token: unknown): Credential | Refusal {
  if (typeof token !== 'string' || token === '') return missing;
  return isToken68(token) ? new Credential('Bearer', token) : new Refusal('token_malformed', { expected: 'a token68' });
}
