/**
 * Copies a text into a flat string, as an HTTP parser creates it: V8 flattens a concatenation at
 * its first read.
 */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
