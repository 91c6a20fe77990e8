/**
 * The values of every line of one header field, in order, without the white space around them
 * (RFC 9110 section 5.5).
 *
 * @param rawHeaders name, value, name, value
 * @param name in lower case
 */
export function fieldLines(rawHeaders: readonly string[], name: string): readonly string[] {
  let values: string[] | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue;
    if (values === undefined) values = [trimOptionalWhiteSpace(value)];
    else values.push(trimOptionalWhiteSpace(value));
  }
  return values ?? none;
}

const none: readonly string[] = Object.freeze([]);

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
