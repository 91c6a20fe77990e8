// Mutation testing of folders of packages/core/src. Stryker makes one change at a time, with all of
// its default mutators. The tests of the folder (packages/core/test/<folder>) must fail for each
// change. Not a part of `pnpm test`.
//
//   pnpm mutate                                  all of `folders` below: 15 minutes on 2 cores
//   pnpm mutate packages/core/src/jws/json.ts    these files, or the files of these folders
//   pnpm mutate --changed [REV]                  the files that differ from REV; default: HEAD~1
//
// For a mutant that survives, add a test of the property that it breaks. A mutant that no test can
// detect is listed in test/mutation/equivalent.json, as it is printed, with the reason, and does
// not count.
//
// Prints the score and the list. Exits 1 when a mutant survives that is not listed, so that the
// score is 100 %. Also exits 1 when a listed mutant does not survive, and when there is nothing to
// mutate. Exits 2 for wrong arguments. The report is in reports/mutation/<folder>.html.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareWithList, readEquivalents, readMutant } from '../test/mutation/mutants.mjs';
import { mutateFolder } from '../test/mutation/stryker.mjs';

const root = resolve(import.meta.dirname, '..');
const source = 'packages/core/src';
const folders = ['credential', 'token', 'jws', 'keys', 'claims', 'validity', 'policy', 'challenge'];

process.chdir(root);
const files = filesToMutate();
const entries = readEquivalents();
const mutants = [];
for (const folder of folders) mutants.push(...(await mutantsOf(folder)));
process.exitCode = report(mutants);

function filesToMutate() {
  const { values, positionals } = parseArgs({ options: { changed: { type: 'boolean' } }, allowPositionals: true });
  const all = folders.flatMap((folder) => filesIn(`${source}/${folder}`));
  if (values.changed) {
    const changed = changedSince(positionals[0] ?? 'HEAD~1');
    const files = all.filter((file) => changed.includes(file));
    if (files.length > 0) return files;
    console.log(`no file of ${source}/{${folders.join(',')}} has changed`);
    process.exit(0);
  }
  const named = positionals.map((path) => relative(root, resolve(process.env.INIT_CWD ?? root, path)));
  const isNamed = (file) => named.some((path) => file === path || file.startsWith(`${path}/`));
  const unknown = named.find((path) => !all.some((file) => file === path || file.startsWith(`${path}/`)));
  if (unknown === undefined) return named.length === 0 ? all : all.filter(isNamed);
  console.error(`${unknown}: not a file of ${source}/{${folders.join(',')}}`);
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

async function mutantsOf(folder) {
  const own = files.filter((file) => file.startsWith(`${source}/${folder}/`));
  if (own.length === 0) return [];
  const started = performance.now();
  const found = (await mutateFolder(folder, own)).map(readMutant);
  console.log(`${folder}: ${summary(found)}, ${Math.round((performance.now() - started) / 1000)} s\n`);
  return found;
}

/** Mutants that were tested: others did not compile, or are disabled by a comment in the source. */
function tested(found) {
  return found.filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status));
}

function summary(found) {
  const { listed, unlisted } = compareWithList(found, files, entries);
  const count = tested(found).length - listed.length;
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
  return tested(found).length === 0 || unlisted.length > 0 || stale.length > 0 ? 1 : 0;
}

function show(outcome, { file, line, mutator, code, replacement }) {
  const location = line === undefined ? file : `${file}:${line}`;
  console.log(`${outcome}: ${location} ${mutator}\n    ${code}\n    becomes ${JSON.stringify(replacement)}`);
}
