/**
 * Compares a subject as node:crypto has it, one attribute a line and the widest first, with one as RFC 4514 writes it, the narrowest first.
 * Attribute names and the spaces around commas do not count; values compare as they are written.
 */
export function isSameName(subject: string, expected: string): boolean {
  const ours = expected.split(/(?<!\\),/).map(normalized);
  return subject.split('\n').reverse().map(normalized).join() === ours.join();
}

function normalized(attribute: string): string {
  const [name = '', ...value] = attribute.trim().split('=');
  return `${name.trim().toUpperCase()}=${value.join('=').trim()}`;
}
