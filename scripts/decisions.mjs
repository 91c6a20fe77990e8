// Lists the decisions of ARCHITECTURE.md with the tests that name them; fails when one has no test.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
const decisions = [...architecture.matchAll(/^\| (D-\d\d) \| ([^|]+) \|/gm)].map(([, id, question]) => ({
  id,
  question,
}));
const mentions = testFiles().flatMap(mentionsIn);

for (const { id, question } of decisions) {
  const tests = mentions.filter((mention) => mention.id === id);
  console.log(`\n${id}  ${question}  (${tests.length === 0 ? 'NO TEST' : tests.length})`);
  for (const { file, line, name } of tests) console.log(`      ${file}:${line}  ${name}`);
}
const unnamed = decisions.filter(({ id }) => !mentions.some((mention) => mention.id === id));
console.log(`\n${decisions.length} decisions, ${unnamed.length} of them without a test`);
process.exitCode = decisions.length === 0 || unnamed.length > 0 ? 1 : 0;

function testFiles() {
  const folders = ['test', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/test`)];
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((path) => join(root, folder, path)))
    .filter((path) => /\.test\.ts$|suite\/cases\//.test(path) && !path.includes('node_modules'));
}

/** Lines with a decision id inside a string: the name of a test. Ids in comments do not count. */
function mentionsIn(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text, at) => {
      const [name] = text.match(/(['"`]).*D-\d\d.*\1/) ?? [];
      const ids = name === undefined ? [] : [...new Set(name.match(/D-\d\d/g))];
      return ids.map((id) => ({ id, file: relative(root, path), line: at + 1, name: name.slice(1, -1) }));
    });
}
