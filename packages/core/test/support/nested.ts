/** JSON text of `depth` nested arrays. */
export function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
