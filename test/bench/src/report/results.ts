import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../results/', import.meta.url));

/** A report: Markdown, JSON data and charts. */
export interface Results {
  readonly name: string;
  readonly markdown: string;
  readonly data: object;
  /** SVG by file name. */
  readonly charts?: ReadonlyMap<string, string>;
}

export function writeResults({ name, markdown, data, charts = new Map() }: Results): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.md`, `${markdown}\n`);
  writeFileSync(`${folder}${name}.json`, lines(data));
  for (const [file, svg] of charts) writeFileSync(`${folder}${file}`, svg);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** JSON with one line for each element of a list, so that a diff is readable. */
function lines(data: object): string {
  const members = Object.entries(data).map(([name, value]) => {
    const list = Array.isArray(value) ? `[\n  ${value.map(json).join(',\n  ')}\n ]` : json(value);
    return ` ${JSON.stringify(name)}: ${list}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

function json(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'number' ? Number(part.toPrecision(5)) : part,
  );
}

/** Writes the current step to stderr; the report goes to stdout. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
