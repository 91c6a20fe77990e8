import { type DocumentSigner, readSignedDocument } from '../discovery/signed-document.js';
import type { JsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { readStatusList, type StatusList } from './status-list.js';

/** A verified list, and for how many seconds from now it counts. */
export interface VerifiedStatusList {
  readonly list: StatusList;
  readonly seconds: number;
}

const defaultSeconds = 300;
const maxSeconds = 86_400;

/**
 * Reads a status list token: signed by the issuer of the token it is asked for, about the list that this token names, and not expired
 * (draft-ietf-oauth-status-list-21 sections 5.1 and 8.3).
 *
 * @param uri where the list is, as the token names it
 * @param now in seconds since the epoch
 */
export async function readStatusListToken(
  octets: Uint8Array,
  uri: string,
  signer: DocumentSigner,
  now: number,
): Promise<VerifiedStatusList | Malformed> {
  const payload = await readSignedDocument(octets, 'statuslist+jwt', signer);
  if (payload instanceof Malformed) return payload;
  const fault = claimsFault(payload, uri, signer.issuer, now);
  if (fault !== undefined) return new Malformed(fault);
  const list = readStatusList(payload['status_list']);
  return list instanceof Malformed ? list : { list, seconds: lifetime(payload, now) };
}

function claimsFault(
  { iss, sub, iat, exp, ttl }: JsonObject,
  uri: string,
  issuer: string,
  now: number,
): string | undefined {
  if (iss !== undefined && iss !== issuer) return 'iss: not the issuer';
  // Otherwise one list could be put in the place of another.
  if (sub !== uri) return 'sub: another list';
  if (typeof iat !== 'number') return 'iat: not a date';
  if (exp !== undefined && !(typeof exp === 'number' && now < exp)) return 'exp: over, or not a date';
  return ttl === undefined || (typeof ttl === 'number' && ttl > 0) ? undefined : 'ttl: not a positive number';
}

/** Section 8.2: what the list says of itself counts, whatever HTTP says of caching. */
function lifetime({ ttl, exp }: JsonObject, now: number): number {
  const asked = typeof ttl === 'number' ? ttl : defaultSeconds;
  const left = typeof exp === 'number' ? exp - now : maxSeconds;
  return Math.min(asked, left, maxSeconds);
}
