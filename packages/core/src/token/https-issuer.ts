const maxLength = 512;
/** A name of at least two labels. With a trailing dot a name would have a second spelling. */
const domainName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

/**
 * Whether a token's `iss` is an https issuer identifier (RFC 8414 section 2) in its normal form.
 * Only such an `iss` is passed to `issuer.resolve`. A URL with several spellings, with a user
 * name, or with parts that parsers read differently is refused. The application could take it for
 * one issuer while the HTTP client connects to another one.
 */
export function isHttpsIssuer(identifier: string): boolean {
  if (identifier.length > maxLength || !identifier.startsWith('https://') || /[?#@]/.test(identifier)) return false;
  if (!URL.canParse(identifier)) return false;
  const { href, hostname } = new URL(identifier);
  return domainName.test(hostname) && (href === identifier || href === `${identifier}/`);
}
