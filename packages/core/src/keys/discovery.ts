import type { JsonObject } from '../jws/json.js';
import { NetworkError } from '../model/ports.js';

/**
 * Where an issuer's metadata may be: RFC 8414 section 3.1 inserts the well-known part between host
 * and path, OpenID Connect Discovery section 4 appends it.
 */
export function metadataUrls(issuer: string): { oauth: URL; openid: URL } {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  return {
    oauth: new URL(`${origin}/.well-known/oauth-authorization-server${path}`),
    openid: new URL(`${origin}${path}/.well-known/openid-configuration`),
  };
}

/**
 * Reads `jwks_uri` out of a metadata document.
 *
 * @param issuer the configured issuer; a document of any other is worth nothing (RFC 8414 section 3.3)
 */
export function readJwksUri(metadata: JsonObject, issuer: string): URL | NetworkError {
  // Before anything else in it is used: a document of another issuer would bring that one's keys.
  if (metadata['issuer'] !== issuer) return new NetworkError('wrong_issuer', 'issuer: not the one that was asked for');
  const { jwks_uri: location } = metadata;
  if (typeof location === 'string' && URL.canParse(location)) return new URL(location);
  return new NetworkError('bad_document', 'jwks_uri: no URL');
}
