import { builtinModules } from 'node:module';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countCode, readSources, type SourceFile } from './source-file.js';

/*
 * The house: a request walks the rooms in one direction, and no room knows another. What this file
 * refuses is what ARCHITECTURE.md says cannot be.
 */

const rooms = [
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
const joiners = ['pipeline.ts', 'checker.ts', 'trusted-issuers.ts', 'check-options.ts', 'resource-server.ts'];
const ground = ['errors.ts', 'jws', 'model', 'objects', 'async'];
/** Rooms that ask issuers. */
const asking = ['keys', 'introspection', 'validity'];

/** What the files of each place may import, beside their own. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  objects: [],
  'errors.ts': ['objects'],
  jws: ['objects'],
  model: ['errors.ts', 'jws', 'objects'],
  async: ['model'],
  discovery: ['jws', 'model', 'objects', 'async'],
  ...Object.fromEntries(rooms.map((room) => [room, asking.includes(room) ? [...ground, 'discovery'] : ground])),
  http: ['model', 'objects'],
  observe: ['errors.ts', 'model'],
  node: ['model', 'objects'],
  cache: ['jws', 'model', 'objects'],
  // Only the types of the rooms' settings; see below.
  options: [...ground, ...rooms, 'cache'],
  ...Object.fromEntries(
    joiners.map((file) => [file, [...ground, ...rooms, ...joiners, 'options', 'http', 'cache', 'observe']]),
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
  'index.ts': [...ground, 'options', 'policy', 'observe', 'check-options.ts', 'resource-server.ts'],
};

const core = readSources('core');
const place = (path: string) => path.split('/')[0] ?? '';

describe('core', () => {
  it('has a rule for every place in it', () => {
    expect(new Set(core.map(({ path }) => place(path)))).toEqual(new Set(Object.keys(mayImport)));
  });

  it('imports only in the one direction', () => {
    const breaches = internalEdges(core).filter(
      ([from, to]) => place(from) !== place(to) && !mayImport[place(from)]?.includes(place(to)),
    );
    expect(breaches).toEqual([]);
  });

  it("takes of the rooms' settings into options/ only the types", () => {
    const values = core
      .filter(({ path }) => place(path) === 'options')
      .flatMap(({ path, imports }) => imports.map((one) => ({ path, ...one })))
      .filter(
        ({ target, isTypeOnly }) => target !== undefined && [...rooms, 'cache'].includes(place(target)) && !isTypeOnly,
      );
    expect(values).toEqual([]);
  });

  it('needs Node, and lru-cache in cache/, and nothing else', () => {
    const outside = core.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target === undefined).map(({ specifier }) => ({ path, specifier })),
    );
    const builtins = new Set(builtinModules.map((name) => `node:${name}`));
    const foreign = outside.filter(({ specifier }) => !builtins.has(specifier));
    expect(foreign.filter(({ path, specifier }) => place(path) !== 'cache' || specifier !== 'lru-cache')).toEqual([]);
    expect(foreign).not.toEqual([]);
  });

  it('reaches the network through http/ only, and HTTP servers through node/', () => {
    const modules = ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'node:dns'];
    const globals = ['fetch', 'globalThis.fetch', 'global.fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'];
    const users = core
      .filter(({ imports, names }) => {
        return imports.some(({ specifier }) => modules.includes(specifier)) || globals.some((name) => names.has(name));
      })
      .map(({ path }) => path);
    // model/loopback.ts asks node:net what an address is; it opens nothing. The others hand on the option of this name.
    expect(users.filter((path) => !['http', 'node'].includes(place(path)))).toEqual([
      'model/loopback.ts',
      'options/parse-issuers.ts',
      'options/parse-options.ts',
      'options/resource-server-options.ts',
      'resource-server.ts',
    ]);
  });

  it('knows a promise by its then: the global Promise may be another one', () => {
    const users = core.filter(({ names }) => names.has('instanceof Promise'));
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  it('reads no environment, loads nothing at run time and keeps no clock of its own', () => {
    const forbidden = ['process.env', 'require', 'eval', 'setInterval'];
    const users = core.filter(({ names, imports }) => {
      return forbidden.some((name) => names.has(name)) || imports.some(({ specifier }) => specifier === '(computed)');
    });
    // What Node itself would read there, without the prototype of `process.env`.
    expect(users.map(({ path }) => path)).toEqual(['http/agents.ts']);
    const clocks = core.filter(({ names }) => names.has('Date.now') || names.has('performance.now'));
    expect(clocks.map(({ path }) => path)).toEqual(['options/system-clock.ts', 'testing.ts']);
  });
});

describe.each(['core', 'express', 'koa', 'fastify'])('%s', (name) => {
  it('uses the operator in only in objects/: it finds what stands on a polluted Object.prototype', () => {
    const users = readSources(name).filter(({ names }) => names.has('the operator in'));
    expect(users.map(({ path }) => path)).toEqual(name === 'core' ? ['objects/members.ts'] : []);
  });
});

describe.each(['core', 'express', 'koa', 'fastify', 'mock-issuer'])('%s', (name) => {
  const files = readSources(name);

  it('has no import cycle', () => {
    expect(findCycle(files)).toBeUndefined();
  });

  it('has no two folders that import each other', () => {
    const edges = new Set(internalEdges(files).map(([from, to]) => `${dirname(from)} -> ${dirname(to)}`));
    const twoWay = [...edges].filter((edge) => {
      const [from, to] = edge.split(' -> ');
      return from !== to && from !== '.' && to !== '.' && edges.has(`${to} -> ${from}`);
    });
    expect(twoWay).toEqual([]);
  });
});

describe('mock-issuer', () => {
  it('loads yaml in its command, when there is a config file, and nowhere else', () => {
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
  ])('%s stands on %j and Node', (name, allowed) => {
    const specifiers = readSources(name).flatMap(({ imports }) => imports.map(({ specifier }) => specifier));
    const foreign = specifiers.filter((one) => !one.startsWith('.') && !one.startsWith('node:'));
    const packages = new Set(foreign.map((one) => one.match(/^(@[^/]+\/)?[^/]+/)?.[0]));
    expect(packages).toEqual(new Set(allowed));
  });

  it('imports nothing of a framework but types', () => {
    const koa = readSources('koa').flatMap(({ imports }) => imports.filter(({ specifier }) => specifier === 'koa'));
    expect(koa.every(({ isTypeOnly }) => isTypeOnly)).toBe(true);
  });

  it('are small: the lines that do something, counted and printed', () => {
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

/** The first file that is reached again from itself. */
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
