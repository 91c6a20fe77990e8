/**
 * Where the next line of one header field stands.
 *
 * @param rawHeaders name, value, name, value
 * @param name in lower case
 * @param start where to begin: at a name
 * @returns the place of its name; -1 when there is no other
 */
export function nextLine(rawHeaders: readonly string[], name: string, start = 0): number {
  for (let at = start; at + 1 < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at] ?? '';
    if (candidate.length === name.length && candidate.toLowerCase() === name) return at;
  }
  return -1;
}

/** The value of the line whose name stands at `line`, without the white space around it (RFC 9110 section 5.5). */
export function fieldValue(rawHeaders: readonly string[], line: number): string {
  return trimOptionalWhiteSpace(rawHeaders[line + 1] ?? '');
}

// Space and tab only: String.trim would also take away what makes a value malformed.
function trimOptionalWhiteSpace(value: string): string {
  let start = 0;
  let end = value.length;
  while (isSpaceOrTab(value.charCodeAt(start))) start++;
  while (isSpaceOrTab(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isSpaceOrTab(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
