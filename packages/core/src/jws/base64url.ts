/**
 * Decodes base64url as RFC 7515 section 2 wants it: no padding, no other characters, and no
 * stray bits behind the last octet.
 *
 * @returns the octets, or `undefined` when `text` is not the one encoding of them
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const octets = Buffer.from(text, 'base64url');
  // Node's decoder skips what it does not know, reads two alphabets, takes U+0161 for `a` and drops trailing bits, so that one
  // token would have many spellings: only the one that the octets are encoded as is read.
  return octets.toString('base64url') === text ? octets : undefined;
}
