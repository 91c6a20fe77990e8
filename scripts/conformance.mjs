// Lists the requirements of the specifications and the tests that show them. Fails when a
// requirement has neither a test nor a reason for its exclusion. `pnpm conformance --list
// RS-6750-3-a` lists the tests of one requirement.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
// Compiled by the line in package.json that calls this script: Node 20 cannot load TypeScript.
const { keepLedger, readCitations, requirements } = await import(join(root, 'test/conformance/dist/ledger.js'));
const { entries, problems } = keepLedger(requirements, readCitations(root));
const { values } = parseArgs({ options: { list: { type: 'string' } } });

if (values.list === undefined) report();
else list(values.list);

function report() {
  const specs = [...new Set(entries.map(({ requirement }) => requirement.spec))];
  row('', 'requirements', 'shown', 'excluded');
  for (const spec of specs) countRow(spec, (requirement) => requirement.spec === spec);
  countRow('in all', () => true);
  reasons('Excluded', 'excluded');
  reasons('Shown in part', 'lacking');
  if (problems.length > 0) console.log(`\n${problems.length} problems`);
  for (const problem of problems) console.log(`  ${problem}`);
  process.exitCode = entries.length === 0 || problems.length > 0 ? 1 : 0;
}

function countRow(name, belongs) {
  const among = entries.filter(({ requirement }) => belongs(requirement));
  const excluded = among.filter(({ requirement }) => requirement.excluded !== undefined).length;
  const shown = among.filter((entry) => entry.requirement.excluded === undefined && entry.citations.length > 0).length;
  row(name, among.length, shown, excluded);
}

function row(name, ...cells) {
  console.log(name.padEnd(22) + cells.map((cell) => String(cell).padStart(14)).join(''));
}

function reasons(title, member) {
  const among = entries.map(({ requirement }) => requirement).filter((one) => one[member] !== undefined);
  console.log(`\n${title} (${among.length})`);
  for (const one of among) console.log(`  ${one.id}  ${one.sentence}\n      ${one[member]}`);
}

function list(id) {
  const entry = entries.find(({ requirement }) => requirement.id === id);
  if (entry === undefined) {
    console.error(`${id}: no such requirement`);
    process.exitCode = 1;
    return;
  }
  const { spec, section, level, sentence, excluded, lacking } = entry.requirement;
  console.log(`${id}  ${spec}, ${section}, ${level}: ${sentence}`);
  if (excluded !== undefined) console.log(`      excluded: ${excluded}`);
  if (lacking !== undefined) console.log(`      in part: ${lacking}`);
  for (const { file, line, name } of entry.citations) console.log(`      ${file}:${line}  ${name}`);
}
