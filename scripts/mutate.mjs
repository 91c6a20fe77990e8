// Mutation testing of the rooms of packages/core/src: Stryker makes one change at a time, all that its default mutators
// know, and the room's own tests (packages/core/test/<room>) must notice. Not a part of `pnpm test`.
//
//   pnpm mutate                                  every room but binding/ and introspection/: about a quarter of an hour on two cores
//   pnpm mutate packages/core/src/jws/json.ts    these files, or all files of these folders
//   pnpm mutate --changed [REV]                  the files that differ from REV, which is HEAD~1 unless named
//
// For a change that survives, write the law that it breaks as a test. One that no test can notice is listed in
// test/mutation/equivalent.json, as it is printed, with the reason, and does not count.
//
// Prints the score and the list. Exits 1 when a change that is not listed survives, so that the score is 100 %; when an
// entry of the list is about no change that survives; and when there was nothing to change. 2 is for wrong arguments.
// What became of each change is in reports/mutation/<room>.html.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareWithList, readEquivalents, readMutant } from '../test/mutation/mutants.mjs';
import { mutateRoom } from '../test/mutation/stryker.mjs';

const root = resolve(import.meta.dirname, '..');
const source = 'packages/core/src';
const rooms = ['credential', 'token', 'jws', 'keys', 'claims', 'validity', 'policy', 'challenge'];

process.chdir(root);
const files = filesToMutate();
const entries = readEquivalents();
const mutants = [];
for (const room of rooms) mutants.push(...(await mutantsOf(room)));
process.exitCode = report(mutants);

function filesToMutate() {
  const { values, positionals } = parseArgs({ options: { changed: { type: 'boolean' } }, allowPositionals: true });
  const all = rooms.flatMap((room) => filesIn(`${source}/${room}`));
  if (values.changed) {
    const changed = changedSince(positionals[0] ?? 'HEAD~1');
    const files = all.filter((file) => changed.includes(file));
    if (files.length > 0) return files;
    console.log('nothing in the rooms has changed');
    process.exit(0);
  }
  const asked = positionals.map((path) => relative(root, resolve(process.env.INIT_CWD ?? root, path)));
  const isAsked = (file) => asked.some((path) => file === path || file.startsWith(`${path}/`));
  const stray = asked.find((path) => !all.some((file) => file === path || file.startsWith(`${path}/`)));
  if (stray === undefined) return asked.length === 0 ? all : all.filter(isAsked);
  console.error(`${stray}: not a file of ${source}/{${rooms.join(',')}}`);
  process.exit(2);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.ts') && statSync(path).isFile());
}

function changedSince(revision) {
  const args = ['diff', '--name-only', '--diff-filter=d', '--end-of-options', revision, '--', source];
  return execFileSync('git', args, { encoding: 'utf8' }).split('\n');
}

async function mutantsOf(room) {
  const own = files.filter((file) => file.startsWith(`${source}/${room}/`));
  if (own.length === 0) return [];
  const started = performance.now();
  const found = (await mutateRoom(room, own)).map(readMutant);
  console.log(`${room}: ${summary(found)}, ${Math.round((performance.now() - started) / 1000)} s\n`);
  return found;
}

/** Mutants that could be judged: the others did not compile, or are switched off by a comment in the source. */
function judged(found) {
  return found.filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status));
}

function summary(found) {
  const { listed, unlisted } = compareWithList(found, files, entries);
  const count = judged(found).length - listed.length;
  const timedOut = found.filter((mutant) => mutant.status === 'Timeout' && !listed.includes(mutant)).length;
  const killed = count - timedOut - unlisted.length;
  const score = count === 0 ? 'no' : `${((100 * (count - unlisted.length)) / count).toFixed(2)} %`;
  const outcome = `${killed} killed, ${timedOut} timed out, ${unlisted.length} survived`;
  return `score ${score} (${count} mutants: ${outcome}; ${listed.length} listed as equivalent)`;
}

function report(found) {
  const { listed, unlisted, stale } = compareWithList(found, files, entries);
  for (const mutant of listed) show('equivalent', mutant);
  for (const entry of stale) show('LISTED, BUT NO SUCH MUTANT SURVIVES', entry);
  for (const mutant of unlisted) show('SURVIVED', mutant);
  console.log(`\n${summary(found)}`);
  return judged(found).length === 0 || unlisted.length > 0 || stale.length > 0 ? 1 : 0;
}

function show(verdict, { file, line, mutator, code, replacement }) {
  const place = line === undefined ? file : `${file}:${line}`;
  console.log(`${verdict}: ${place} ${mutator}\n    ${code}\n    becomes ${JSON.stringify(replacement)}`);
}
