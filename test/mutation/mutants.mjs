import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const lists = new Map();

/**
 * @typedef {object} Mutant a change, described independently of changes elsewhere in the file
 * @property {string} file from the root
 * @property {string} mutator Stryker's name for the kind of change
 * @property {string} code its first line, with the replaced part in « »; no » when it continues
 * below
 * @property {string} replacement the code after the change
 */

/** @returns {Mutant & { status: string, line: number }} */
export function readMutant({ fileName, location: { start, end }, mutatorName, replacement, status }) {
  const file = relative(root, fileName);
  const line = linesOf(file)[start.line - 1] ?? '';
  const before = line.slice(0, start.column - 1);
  const changed =
    end.line === start.line
      ? `${line.slice(start.column - 1, end.column - 1)}»${line.slice(end.column - 1)}`
      : line.slice(start.column - 1);
  return {
    file,
    mutator: mutatorName,
    code: `${before}«${changed}`.trim(),
    replacement: replacement.replace(/\s+/g, ' '),
    status,
    line: start.line,
  };
}

function linesOf(file) {
  const lines = lists.get(file) ?? readFileSync(join(root, file), 'utf8').split('\n');
  lists.set(file, lines);
  return lines;
}

/**
 * The mutants that no test can detect, with reasons. One entry per mutant; equal mutants have two.
 */
export function readEquivalents() {
  const entries = JSON.parse(readFileSync(join(root, 'test/mutation/equivalent.json'), 'utf8'));
  const unexplained = entries.find(({ reason }) => typeof reason !== 'string' || reason === '');
  if (unexplained !== undefined)
    throw new Error(`equivalent.json: add a reason for ${unexplained.file}: ${unexplained.code}`);
  return entries;
}

/**
 * Sorts the mutants that were not killed into those that are listed and those that are not.
 *
 * @param {readonly (Mutant & { status: string })[]} mutants every mutant of `files`
 * @returns `stale`: entries about these files, or about deleted files, without such a mutant
 */
export function compareWithList(mutants, files, entries) {
  const left = entries.filter(({ file }) => files.includes(file) || !existsSync(join(root, file)));
  const listed = [];
  // A mutant that timed out may be listed: on a slow machine an equivalent mutant can time out.
  for (const mutant of mutants.filter(({ status }) => ['Survived', 'NoCoverage', 'Timeout'].includes(status))) {
    const at = left.findIndex((entry) => isSame(entry, mutant));
    if (at === -1) continue;
    left.splice(at, 1);
    listed.push(mutant);
  }
  const survivors = mutants.filter((mutant) => ['Survived', 'NoCoverage'].includes(mutant.status));
  return { listed, unlisted: survivors.filter((mutant) => !listed.includes(mutant)), stale: left };
}

function isSame(entry, mutant) {
  return ['file', 'mutator', 'code', 'replacement'].every((key) => entry[key] === mutant[key]);
}
