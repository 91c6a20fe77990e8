import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { root } from '../architecture/source-file.js';

const module = pathToFileURL(join(root, 'examples/stage/dist/story.js')).href;

function tell(story: string): { readonly status: number | null; readonly stdout: string } {
  const script = `import { tellStory } from '${module}'; await tellStory('A story', async ({ expect, onEnd }) => { ${story} });`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

it('a story in which everything is as it should be succeeds', () => {
  const { status, stdout } = tell("expect('a step', 200, 200); expect('another', { a: [1] }, { a: [1] });");
  expect(stdout).toContain('2 of 2 as it should be.');
  expect(status).toBe(0);
});

it.each([
  ['in which one step is wrong', "expect('a step', 200, 401); expect('another', 1, 1);", /✗ a step.*200 expected 401/],
  ['without a step', '', /0 of 0/],
  ['that breaks off', "expect('a step', 1, 1); throw new Error('broken');", /✓ a step/],
])('a story %s fails, and says so', (_, story, said) => {
  const { status, stdout } = tell(story);
  expect(stdout).toMatch(said);
  expect(status).toBe(1);
});

it('what a story opened is closed when it breaks off', () => {
  const { stdout } = tell("onEnd(() => console.log('first')); onEnd(() => console.log('last')); throw new Error();");
  expect(stdout).toMatch(/last\nfirst/);
});
