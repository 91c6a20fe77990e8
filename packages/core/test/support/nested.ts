/** JSON of so many lists, one in the other. */
export function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
