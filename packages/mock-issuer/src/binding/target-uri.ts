/** Characters that mean the same with and without their percent-encoding (RFC 3986 section 2.3). */
const ENCODED_UNRESERVED = /%(?:2d|2e|3\d|5f|7e|[46][1-9a-f]|[57][\da])/gi;

/**
 * The URI of a request as RFC 9449 section 4.3 compares it: without query and fragment, normalized (RFC 3986 sections 6.2.2 and 6.2.3).
 * `undefined` for what is no absolute URI.
 */
export function targetUri(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  url.search = '';
  url.hash = '';
  return url.href.replace(ENCODED_UNRESERVED, decodeURIComponent);
}
