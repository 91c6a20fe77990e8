const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The token with `=` behind its last segment: as many as standard base64 would have there, or one. */
export function padded(token: string): string {
  const last = token.length - token.lastIndexOf('.') - 1;
  return token + '='.repeat((4 - (last % 4)) % 4 || 1);
}

/** The segment with the lowest bit of its last character set, which lenient decoders drop. The segment's length is no multiple of 4. */
export function lastBitsSet(segment: string): string {
  const value = ALPHABET.indexOf(segment.slice(-1));
  return segment.slice(0, -1) + ALPHABET.charAt(value | 1);
}
