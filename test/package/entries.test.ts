import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../architecture/source-file.js';

/** The members of a package manifest that these tests check. */
interface Manifest {
  readonly name: string;
  readonly main: string;
  readonly types: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

describe.each(readdirSync(join(root, 'packages')))('%s', (folder) => {
  const path = (file: string) => join(root, 'packages', folder, file);
  const manifest = JSON.parse(readFileSync(path('package.json'), 'utf8')) as Manifest;
  const entries = Object.entries(manifest.exports).filter(([entry]) => !entry.endsWith('.json'));

  it('every package entry has code and types, and the main entry also for older resolvers', () => {
    for (const [entry, target] of entries) {
      if (typeof target === 'string') throw new Error(`${entry} has no types`);
      expect(existsSync(path(target.types)), target.types).toBe(true);
      expect(existsSync(path(target.default)), target.default).toBe(true);
    }
    expect(manifest.exports['.']).toEqual({ types: manifest.types, default: manifest.main });
  });

  it('every package entry loads by import and by require, with the same exports', () => {
    const names = entries.map(([entry]) => `${manifest.name}${entry.slice(1)}`);
    const script = `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const keysOf = (module) => Object.keys(module).filter((key) => key !== '__esModule').sort();
      for (const name of ${JSON.stringify(names)}) {
        console.log(JSON.stringify([name, keysOf(await import(name)), keysOf(require(name))]));
      }`;
    const { stdout, status, stderr } = spawnSync(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', script],
      { cwd: join(root, 'test'), encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    const loaded = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as [string, string[], string[]]);
    expect(loaded.map(([name]) => name)).toEqual(names);
    for (const [name, imported, required] of loaded) expect(required, name).toEqual(imported);
  });

  it('a package has only the runtime dependencies that ARCHITECTURE.md gives a reason for', () => {
    const foreign = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@resource-server/'));
    const allowed: Readonly<Record<string, readonly string[]>> = {
      core: ['lru-cache'],
      fastify: ['fastify-plugin'],
      'mock-issuer': ['jose', 'yaml'],
    };
    expect(foreign).toEqual(allowed[folder] ?? []);
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    for (const name of foreign) expect(text).toContain(`\`${name}\``);
  });
});
