/**
 * Decodes base64url without padding, other characters, or stray bits after the last octet.
 *
 * @returns the octets, or `undefined` if `text` is not their canonical encoding
 * @see RFC 7515 section 2
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const octets = Buffer.from(text, 'base64url');
  // Node's decoder skips unknown characters, reads two alphabets, decodes U+0161 as `a` and drops
  // trailing bits. One token would have many spellings. Only the canonical encoding is accepted.
  return octets.toString('base64url') === text ? octets : undefined;
}
