import { builtinModules } from 'node:module';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countCode, readSources, type SourceFile } from './source-file.js';

/*
 * The direction of imports that ARCHITECTURE.md describes: the steps of validation do not import
 * each other, and only the connecting files import several of them.
 */

/** The folders and files that contain one step each. */
const steps = [
  'credential',
  'token',
  'keys',
  'introspection',
  'claims',
  'validity',
  'binding',
  'policy',
  'challenge',
  'auth.ts',
];
/** The files that connect the steps. */
const connectors = ['pipeline.ts', 'checker.ts', 'trusted-issuers.ts', 'check-options.ts', 'resource-server.ts'];
/** What every step may import. */
const foundation = ['errors.ts', 'jws', 'model', 'objects', 'async'];
/** The steps that send requests to issuers. */
const callers = ['keys', 'introspection', 'validity'];

/** What the files of each module may import, in addition to files of the same module. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  objects: [],
  'errors.ts': ['objects'],
  jws: ['objects'],
  model: ['errors.ts', 'jws', 'objects'],
  async: ['model'],
  discovery: ['jws', 'model', 'objects', 'async'],
  ...Object.fromEntries(
    steps.map((step) => [step, callers.includes(step) ? [...foundation, 'discovery'] : foundation]),
  ),
  http: ['model', 'objects'],
  observe: ['errors.ts', 'model'],
  node: ['model', 'objects'],
  cache: ['jws', 'model', 'objects'],
  // Only types of the settings of the steps; a test below checks that.
  options: [...foundation, ...steps, 'cache'],
  ...Object.fromEntries(
    connectors.map((file) => [file, [...foundation, ...steps, ...connectors, 'options', 'http', 'cache', 'observe']]),
  ),
  adapter: [
    'errors.ts',
    'model',
    'objects',
    'options',
    'challenge',
    'policy',
    'observe',
    'check-options.ts',
    'resource-server.ts',
  ],
  'testing.ts': ['model', 'auth.ts'],
  'index.ts': [...foundation, 'options', 'policy', 'observe', 'check-options.ts', 'resource-server.ts'],
};

const core = readSources('core');
const moduleOf = (path: string) => path.split('/')[0] ?? '';

describe('core', () => {
  it('every module of core has an import rule', () => {
    expect(new Set(core.map(({ path }) => moduleOf(path)))).toEqual(new Set(Object.keys(mayImport)));
  });

  it('every import of core follows the import rules', () => {
    const breaches = internalEdges(core).filter(
      ([from, to]) => moduleOf(from) !== moduleOf(to) && !mayImport[moduleOf(from)]?.includes(moduleOf(to)),
    );
    expect(breaches).toEqual([]);
  });

  it('options/ imports only types from the steps and from cache/', () => {
    const values = core
      .filter(({ path }) => moduleOf(path) === 'options')
      .flatMap(({ path, imports }) => imports.map((one) => ({ path, ...one })))
      .filter(
        ({ target, isTypeOnly }) =>
          target !== undefined && [...steps, 'cache'].includes(moduleOf(target)) && !isTypeOnly,
      );
    expect(values).toEqual([]);
  });

  it('core imports only Node modules, and lru-cache in cache/', () => {
    const outside = core.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target === undefined).map(({ specifier }) => ({ path, specifier })),
    );
    const builtins = new Set(builtinModules.map((name) => `node:${name}`));
    const foreign = outside.filter(({ specifier }) => !builtins.has(specifier));
    expect(foreign.filter(({ path, specifier }) => moduleOf(path) !== 'cache' || specifier !== 'lru-cache')).toEqual(
      [],
    );
    expect(foreign).not.toEqual([]);
  });

  it('only http/ and node/ of core use network modules and fetch', () => {
    const modules = ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'node:dns'];
    const globals = ['fetch', 'globalThis.fetch', 'global.fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'];
    const users = core
      .filter(({ imports, names }) => {
        return imports.some(({ specifier }) => modules.includes(specifier)) || globals.some((name) => names.has(name));
      })
      .map(({ path }) => path);
    // model/loopback.ts uses node:net to classify addresses and opens no connection. The other
    // files pass on the option `fetch`.
    expect(users.filter((path) => !['http', 'node'].includes(moduleOf(path)))).toEqual([
      'model/loopback.ts',
      'options/parse-issuers.ts',
      'options/parse-options.ts',
      'options/resource-server-options.ts',
      'resource-server.ts',
    ]);
  });

  it('core recognizes a promise by its then, because the global Promise may be replaced', () => {
    const users = core.filter(({ names }) => names.has('instanceof Promise'));
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  it('core reads no environment variable but one, loads no module at run time and has one clock', () => {
    const forbidden = ['process.env', 'require', 'eval', 'setInterval'];
    const users = core.filter(({ names, imports }) => {
      return forbidden.some((name) => names.has(name)) || imports.some(({ specifier }) => specifier === '(computed)');
    });
    // NODE_TLS_REJECT_UNAUTHORIZED, without the prototype of `process.env`.
    expect(users.map(({ path }) => path)).toEqual(['http/agents.ts']);
    const clocks = core.filter(({ names }) => names.has('Date.now') || names.has('performance.now'));
    expect(clocks.map(({ path }) => path)).toEqual(['options/system-clock.ts', 'testing.ts']);
  });
});

describe.each(['core', 'express', 'koa', 'fastify'])('%s', (name) => {
  it('only objects/ uses the operator `in`, which also finds members of a polluted Object.prototype', () => {
    const users = readSources(name).filter(({ names }) => names.has('the operator in'));
    expect(users.map(({ path }) => path)).toEqual(name === 'core' ? ['objects/members.ts'] : []);
  });
});

describe.each(['core', 'express', 'koa', 'fastify', 'mock-issuer'])('%s', (name) => {
  const files = readSources(name);

  it('the package has no import cycle', () => {
    expect(findCycle(files)).toBeUndefined();
  });

  it('no two folders of the package import each other', () => {
    const edges = new Set(internalEdges(files).map(([from, to]) => `${dirname(from)} -> ${dirname(to)}`));
    const twoWay = [...edges].filter((edge) => {
      const [from, to] = edge.split(' -> ');
      return from !== to && from !== '.' && to !== '.' && edges.has(`${to} -> ${from}`);
    });
    expect(twoWay).toEqual([]);
  });
});

describe('mock-issuer', () => {
  it('only the module that reads the config file imports yaml', () => {
    const importers = readSources('mock-issuer').filter(({ imports }) =>
      imports.some(({ specifier }) => specifier === 'yaml'),
    );
    expect(importers.map(({ path }) => path)).toEqual(['cli/config-file.ts']);
  });
});

describe('adapters', () => {
  it.each([
    ['express', ['@resource-server/core']],
    ['koa', ['@resource-server/core', 'koa']],
    ['fastify', ['@resource-server/core', 'fastify-plugin']],
  ])('%s imports only %j and Node modules', (name, allowed) => {
    const specifiers = readSources(name).flatMap(({ imports }) => imports.map(({ specifier }) => specifier));
    const foreign = specifiers.filter((one) => !one.startsWith('.') && !one.startsWith('node:'));
    const packages = new Set(foreign.map((one) => one.match(/^(@[^/]+\/)?[^/]+/)?.[0]));
    expect(packages).toEqual(new Set(allowed));
  });

  it('the adapter for Koa imports only types from koa', () => {
    const koa = readSources('koa').flatMap(({ imports }) => imports.filter(({ specifier }) => specifier === 'koa'));
    expect(koa.every(({ isTypeOnly }) => isTypeOnly)).toBe(true);
  });

  it('each adapter has at most 90 lines of code', () => {
    const sizes = ['express', 'koa', 'fastify'].map((name) => [name, countCode(name)] as const);
    console.info(`lines of code: ${sizes.map(([name, lines]) => `${name} ${lines}`).join(', ')}`);
    for (const [name, lines] of sizes) expect(lines, name).toBeLessThanOrEqual(90);
  });
});

function internalEdges(files: readonly SourceFile[]): ReadonlyArray<readonly [from: string, to: string]> {
  return files.flatMap(({ path, imports }) =>
    imports.flatMap(({ target }) => (target === undefined ? [] : [[path, target] as const])),
  );
}

/** The first import cycle, as a list of files. */
function findCycle(files: readonly SourceFile[]): readonly string[] | undefined {
  const edges = internalEdges(files);
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const [from, to] of edges) {
      if (from !== path) continue;
      const cycle = walk(to, [...way, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of files) {
    const cycle = walk(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
