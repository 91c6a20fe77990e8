/**
 * The URLs where an issuer may publish its metadata. RFC 8414 section 3.1 inserts the well-known
 * part between host and path. OpenID Connect Discovery section 4 appends it.
 */
export function metadataUrls(issuer: string): { oauth: URL; openid: URL } {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  return {
    oauth: new URL(`${origin}/.well-known/oauth-authorization-server${path}`),
    openid: new URL(`${origin}${path}/.well-known/openid-configuration`),
  };
}
