import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTable } from './markdown.js';
import { root } from './source-file.js';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const packages = readdirSync(join(root, 'packages'));

describe('ARCHITECTURE.md', () => {
  const map = readTable(read('ARCHITECTURE.md'), '## To change this, go there');

  it('says of at least a dozen changes where to go', () => {
    expect(map.length).toBeGreaterThanOrEqual(12);
  });

  it.each(map.map(([change = '', paths = '']) => ({ change, paths })))(
    'to change $change, goes to a file',
    ({ paths }) => {
      const named = [...paths.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    },
  );

  it('has every room of core on its map', () => {
    const folders = readdirSync(join(root, 'packages/core/src'), { withFileTypes: true });
    const text = read('ARCHITECTURE.md');
    expect(
      folders.filter((one) => one.isDirectory() && !text.includes(`${one.name}/`)).map(({ name }) => name),
    ).toEqual([]);
  });

  it('has no decision that no test names', () => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/decisions.mjs'], { cwd: root, encoding: 'utf8' });
    expect(stdout).toContain(' 0 of them named by no test');
    expect(status).toBe(0);
  });
});

describe('examples/README.md', () => {
  const folders = ['examples', 'examples/grants'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  const stories = folders.filter((folder) => existsSync(join(root, folder, 'src/demo.ts')));

  it('knows of more than the quickstarts', () => {
    expect(stories.length).toBeGreaterThan(8);
  });

  it.each(stories)('tells of %s, which the build knows', (story) => {
    expect(read('examples/README.md')).toContain(`](${story.replace('examples/', '')}/src/`);
    expect(JSON.parse(read('tsconfig.json')).references).toContainEqual({ path: story });
  });
});

describe('links and paths', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'examples/README.md',
    ...packages.map((name) => `packages/${name}/README.md`),
  ];

  it.each(pages)('%s links to what exists', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, page, '..', link)))).toEqual([]);
  });
});
