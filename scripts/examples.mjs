// Runs every example, or the named ones; each example checks its own output. Fails when one fails.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const examples = resolve(import.meta.dirname, '../examples');
const named = process.argv.slice(2);
const folders = [examples, join(examples, 'grants')].flatMap((folder) =>
  readdirSync(folder).map((name) => join(folder, name)),
);
const stories = folders
  .filter((folder) => existsSync(join(folder, 'src/demo.ts')))
  .filter((folder) => named.length === 0 || named.includes(basename(folder)));
const failed = stories.filter((folder) => {
  console.log(`\n--- ${basename(folder)}`);
  return spawnSync(process.execPath, [join(folder, 'dist/demo.js')], { stdio: 'inherit' }).status !== 0;
});
console.log(
  `${stories.length} examples, ${failed.length} failed ${failed.map((folder) => basename(folder)).join(' ')}`,
);
process.exitCode = stories.length === 0 || failed.length > 0 ? 1 : 0;
