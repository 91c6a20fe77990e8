import { type DocumentSigner, readSignedDocument } from '../discovery/signed-document.js';
import type { JsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';
import { readStatusList, type StatusList } from './status-list.js';

/** A verified status list. */
export interface VerifiedStatusList {
  readonly list: StatusList;
  /** How long the list may be used from now on. */
  readonly seconds: number;
}

/** Lifetime of a list without `ttl`. */
const defaultSeconds = 300;
/** Longest lifetime of a list. */
const maxSeconds = 86_400;

/**
 * Reads a status list token. It must be signed by the issuer of the access token, name the list
 * that the access token refers to, and not be expired.
 *
 * @param uri the URI of the list, exactly as the access token contains it
 * @param now in seconds since the epoch
 * @see draft-ietf-oauth-status-list-21 sections 5.1 and 8.3
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
  // Without this check an attacker could replace one list with another.
  if (sub !== uri) return 'sub: not the URI of this list';
  if (typeof iat !== 'number') return 'iat: not a number';
  if (exp !== undefined && !(typeof exp === 'number' && now < exp)) return 'exp: expired, or not a number';
  return ttl === undefined || (typeof ttl === 'number' && ttl > 0) ? undefined : 'ttl: not a positive number';
}

/**
 * Lifetime of a list in seconds, from its own `ttl` and `exp`. HTTP caching headers are ignored
 * (section 8.2).
 */
function lifetime({ ttl, exp }: JsonObject, now: number): number {
  const requested = typeof ttl === 'number' ? ttl : defaultSeconds;
  const remaining = typeof exp === 'number' ? exp - now : maxSeconds;
  return Math.min(requested, remaining, maxSeconds);
}
