/** The same text in one piece, as a parser of HTTP hands it out: concatenations are put together when first read. */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
