// Runs every example; each checks itself. Fails when one does.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const examples = resolve(import.meta.dirname, '../examples');
const stories = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'src/demo.ts')));
const failed = stories.filter((name) => {
  console.log(`\n--- ${name}`);
  return spawnSync(process.execPath, [join(examples, name, 'dist/demo.js')], { stdio: 'inherit' }).status !== 0;
});
console.log(`${stories.length} examples, ${failed.length} failed ${failed.join(' ')}`);
process.exitCode = stories.length === 0 || failed.length > 0 ? 1 : 0;
