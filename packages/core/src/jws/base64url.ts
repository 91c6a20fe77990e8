const alphabet = /^[A-Za-z0-9_-]*$/;
/** Characters whose two, and four, lowest bits are zero. */
const endsOfThree = new Set('AEIMQUYcgkosw048');
const endsOfTwo = new Set('AQgw');

/**
 * Decodes base64url as RFC 7515 section 2 wants it: no padding, no other characters, and no
 * stray bits behind the last octet.
 *
 * @returns the octets, or `undefined` when `text` is not the one encoding of them
 */
export function decodeBase64url(text: string): Buffer | undefined {
  // Node's decoder skips what it does not know and drops trailing bits, so that one token would have many spellings.
  return alphabet.test(text) && endsCleanly(text) ? Buffer.from(text, 'base64url') : undefined;
}

/** Whether the last group is whole, or what it leaves over is zero (RFC 4648 section 3.5). */
function endsCleanly(text: string): boolean {
  const last = text.at(-1) ?? '';
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return endsOfTwo.has(last);
    case 3:
      return endsOfThree.has(last);
    default:
      return false;
  }
}
