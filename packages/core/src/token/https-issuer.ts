const maxLength = 512;
/** A name of several labels, without a dot behind: that would be a second spelling of it. */
const domainName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

/**
 * Whether a token's `iss` is an https issuer identifier (RFC 8414 section 2) in its normal form: nobody is asked about
 * anything else. A name with several spellings, with a user or with what parsers read differently could be one issuer to
 * the application and another one to the network.
 */
export function isHttpsIssuer(identifier: string): boolean {
  if (identifier.length > maxLength || !identifier.startsWith('https://') || /[?#@]/.test(identifier)) return false;
  if (!URL.canParse(identifier)) return false;
  const { href, hostname } = new URL(identifier);
  return domainName.test(hostname) && (href === identifier || href === `${identifier}/`);
}
