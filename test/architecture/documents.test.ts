import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSection, readTable } from './markdown.js';
import { readSources, root } from './source-file.js';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const packages = readdirSync(join(root, 'packages'));

describe('ARCHITECTURE.md', () => {
  const page = read('ARCHITECTURE.md');
  const changes = readTable(page, '## Where to make a change');

  it('ARCHITECTURE.md has at most 200 lines', () => {
    expect(page.split('\n').length).toBeLessThanOrEqual(201);
  });

  it('ARCHITECTURE.md states for at least a dozen changes which file to edit', () => {
    expect(changes.length).toBeGreaterThanOrEqual(12);
  });

  it.each(changes.map(([change = '', paths = '']) => ({ change, paths })))(
    'every file that ARCHITECTURE.md names for a change exists: $change',
    ({ paths }) => {
      const named = [...paths.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    },
  );

  it('ARCHITECTURE.md names every folder of core', () => {
    const folders = new Set(readSources('core').flatMap(({ path }) => (path.includes('/') ? path.split('/')[0] : [])));
    expect(folders.size).toBeGreaterThan(15);
    expect([...folders].filter((folder) => !page.includes(`${folder}/`))).toEqual([]);
  });

  it('ARCHITECTURE.md contains no decision without a test', () => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/decisions.mjs'], { cwd: root, encoding: 'utf8' });
    expect(stdout).toMatch(/ 0 of them without a test$/m);
    expect(status).toBe(0);
  });
});

describe('the option tables of README.md', () => {
  const options = readSection(read('README.md'), '## Options');

  it.each([
    ['resource-server-options.ts', 'ResourceServerOptions'],
    ['resource-server-options.ts', 'KeyOptions'],
    ['issuer-options.ts', 'IssuerOptions'],
    ['issuer-options.ts', 'IssuerResolverOptions'],
    ['introspection-options.ts', 'IntrospectionOptions'],
    ['introspection-options.ts', 'IntrospectionCacheOptions'],
    ['revocation-options.ts', 'RevocationCheck'],
    ['../adapter/auth-middleware-options.ts', 'AuthMiddlewareOptions'],
  ])('README.md describes every option of %s: %s', (file, name) => {
    const members = membersOf(read(`packages/core/src/options/${file}`), name);
    expect(members).not.toEqual([]);
    expect(members.filter((member) => !new RegExp(`\`[^\`]*\\b${member}\\b[^\`]*\``).test(options))).toEqual([]);
  });
});

describe('examples/README.md', () => {
  const folders = ['examples', 'examples/grants'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  );
  const demos = folders.filter((folder) => existsSync(join(root, folder, 'src/demo.ts')));

  it('the repository has more examples than the quickstarts', () => {
    expect(demos.length).toBeGreaterThan(8);
  });

  it.each(demos)('the example %s is listed in examples/README.md and in tsconfig.json', (demo) => {
    expect(read('examples/README.md')).toContain(`](${demo.replace('examples/', '')}/src/`);
    expect(JSON.parse(read('tsconfig.json')).references).toContainEqual({ path: demo });
  });
});

describe('links between documents', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'examples/README.md',
    'test/bench/README.md',
    'packages/core/ERRORS.md',
    ...packages.map((name) => `packages/${name}/README.md`),
  ];

  it.each(pages)('every link in %s leads to a file that exists', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, page, '..', link)))).toEqual([]);
  });

  it.each(pages)('every link in %s to a heading leads to a heading that exists', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
    const broken = links.filter(([, path = '', anchor = '']) => {
      const target = path === '' ? page : join(page, '..', path);
      return !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

/** The names of the members of an interface that stands in `text`. */
function membersOf(text: string, name: string): readonly string[] {
  const [, body = ''] = text.match(new RegExp(`export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)\\n\\}`)) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, member = '']) => member);
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
