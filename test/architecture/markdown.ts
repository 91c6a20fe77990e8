/** The rows of the first table in `text` that stands below `heading`, cell by cell, without its head. */
export function readTable(text: string, heading = ''): readonly (readonly string[])[] {
  const lines = text.slice(text.indexOf(heading)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('| ---'));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  return lines.slice(start + 1, end === -1 ? undefined : end).map(cellsOf);
}

function cellsOf(row: string): readonly string[] {
  return row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
