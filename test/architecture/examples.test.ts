import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from './source-file.js';

/*
 * The code in the documents compiles: every ```ts block of a README on its own, and every @example
 * of a docstring after the imports of its package below.
 */

const folder = join(root, 'test', '.documents');
const tsc = join(root, 'node_modules', '.bin', 'tsc');
const packages = readdirSync(join(root, 'packages'));

/** The imports that a docstring example may omit, by package. */
const preambles: Readonly<Record<string, string>> = {
  core: `
import { allOf, claim, createResourceServer, scope, where, type HttpRequest } from '@resource-server/core';
declare const request: HttpRequest;
export { allOf, claim, createResourceServer, request, scope, where };
`,
  express: `
import express, { type RequestHandler } from 'express';
import { auth, getAuth, requireScope } from '@resource-server/express';
import { fakeAuth, setAuth } from '@resource-server/express/testing';
declare const app: ReturnType<typeof express>;
declare const handler: RequestHandler;
export { app, auth, fakeAuth, getAuth, handler, requireScope, setAuth };
`,
  koa: `
import Router from '@koa/router';
import Koa from 'koa';
import { auth, getAuth, requireScope } from '@resource-server/koa';
import { fakeAuth, setAuth } from '@resource-server/koa/testing';
declare const app: Koa;
declare const router: Router;
export { app, auth, fakeAuth, getAuth, requireScope, router, setAuth };
`,
  fastify: `
import { type FastifyInstance } from 'fastify';
import { auth, getAuth, requireScope } from '@resource-server/fastify';
import { fakeAuth, setAuth } from '@resource-server/fastify/testing';
declare const app: FastifyInstance;
export { app, auth, fakeAuth, getAuth, requireScope, setAuth };
`,
  'mock-issuer': `
import { createMockClock, createMockIssuer } from '@resource-server/mock-issuer';
export { createMockClock, createMockIssuer };
`,
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('every example of the documents compiles', () => {
  const examples = [...readmeExamples(), ...docstringExamples()];
  expect(examples.length).toBeGreaterThan(8);
  mkdirSync(folder, { recursive: true });
  for (const [at, code] of examples.entries()) writeFileSync(join(folder, `example-${at}.ts`), `${code}\nexport {};\n`);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.tests.json', include: ['*.ts'], ...lenient }),
  );
  const { stdout, status } = spawnSync(tsc, ['-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

/** An example may leave names unused. */
const lenient = { compilerOptions: { noUnusedLocals: false, noUnusedParameters: false } };

function readmeExamples(): string[] {
  const pages = ['README.md', ...packages.map((name) => `packages/${name}/README.md`)];
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => `// ${page}\n${code}`);
  });
}

/** An example with its own imports gets no others. */
function preambleFor(name: string, code: string): string {
  return /^\s*\*?\s*import /m.test(code) ? '\n' : (preambles[name] ?? '');
}

function docstringExamples(): string[] {
  return packages.flatMap((name) => {
    const src = join(root, 'packages', name, 'src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    return files.flatMap((path) => {
      const text = readFileSync(join(src, path), 'utf8');
      const blocks = [...text.matchAll(/@example\s([\s\S]*?)(?=\n\s*\*\s@|\n\s*\*\/)/g)];
      return blocks.map(
        ([, code = '']) => `// ${name}/${path}${preambleFor(name, code)}${code.replace(/^\s*\* ?|```(ts)?/gm, '')}`,
      );
    });
  });
}
