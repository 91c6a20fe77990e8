/**
 * Finds the next line of a header field.
 *
 * @param rawHeaders name, value, name, value
 * @param name the name of the field in lower case
 * @param start the index of the name at which the search starts
 * @returns the index of the field's name; -1 where there is no further line
 */
export function nextLine(rawHeaders: readonly string[], name: string, start = 0): number {
  for (let at = start; at + 1 < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at] ?? '';
    if (candidate.length === name.length && candidate.toLowerCase() === name) return at;
  }
  return -1;
}

/**
 * The value of the line whose name is at the index `line`, without surrounding white space.
 *
 * @see RFC 9110 section 5.5
 */
export function fieldValue(rawHeaders: readonly string[], line: number): string {
  return trimOptionalWhiteSpace(rawHeaders[line + 1] ?? '');
}

// Only space and tab: String.trim would also remove other characters, which make a value malformed.
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
