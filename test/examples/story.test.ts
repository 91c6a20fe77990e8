import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { root } from '../architecture/source-file.js';

const module = pathToFileURL(join(root, 'examples/stage/dist/story.js')).href;

function runStory(story: string): { readonly status: number | null; readonly stdout: string } {
  const script = `import { tellStory } from '${module}'; await tellStory('A story', async ({ expect, onEnd }) => { ${story} });`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

it('a story whose steps are all as expected succeeds', () => {
  const { status, stdout } = runStory("expect('a step', 200, 200); expect('another', { a: [1] }, { a: [1] });");
  expect(stdout).toContain('2 of 2 as expected.');
  expect(status).toBe(0);
});

it.each([
  ['with a wrong step', "expect('a step', 200, 401); expect('another', 1, 1);", /✗ a step.*200 expected 401/],
  ['without a step', '', /0 of 0/],
  ['that throws', "expect('a step', 1, 1); throw new Error('broken');", /✓ a step/],
])('a story %s fails, and prints its steps', (_, story, printed) => {
  const { status, stdout } = runStory(story);
  expect(stdout).toMatch(printed);
  expect(status).toBe(1);
});

it('a story that throws closes what it has opened, in reverse order', () => {
  const { stdout } = runStory(
    "onEnd(() => console.log('first')); onEnd(() => console.log('last')); throw new Error();",
  );
  expect(stdout).toMatch(/last\nfirst/);
});
