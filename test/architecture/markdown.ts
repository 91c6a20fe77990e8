/**
 * The rows of the first table below `heading`, as lists of cells, without the head of the table.
 */
export function readTable(text: string, heading = ''): readonly (readonly string[])[] {
  const lines = text.slice(text.indexOf(heading)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('| ---'));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  return lines.slice(start + 1, end === -1 ? undefined : end).map(cellsOf);
}

/** The part of a page from `heading` to the next heading of the same level. */
export function readSection(text: string, heading: string): string {
  const start = text.indexOf(`\n${heading}\n`);
  if (start === -1) throw new Error(`no heading ${JSON.stringify(heading)}`);
  const [level = ''] = heading.split(' ');
  const end = text.indexOf(`\n${level} `, start + heading.length + 1);
  return text.slice(start, end === -1 ? undefined : end);
}

function cellsOf(row: string): readonly string[] {
  return row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
