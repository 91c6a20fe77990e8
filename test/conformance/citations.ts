import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CallExpression, parseSync, Visitor } from 'oxc-parser';

/** A mention of a requirement id in the name of a test. */
export interface Citation {
  readonly id: string;
  /** Relative to the top of the repository. */
  readonly file: string;
  readonly line: number;
  /** The whole name that contains the id, as written in the source. */
  readonly name: string;
  /** Whether a requirement id is in brackets, and a decision id without brackets. */
  readonly isWellFormed: boolean;
}

/** The tests of the ledger contain made-up ids, so they are not read. */
const own = 'test/conformance/coverage.test.ts';
const mention = /\[?\b(?:RS|IS)-[A-Z0-9.]+(?:-[A-Za-z0-9.]+)+\]?|\bD-\d\d\b/g;

/** Every citation in the tests of the repository at `root`. */
export function readCitations(root: string): readonly Citation[] {
  return testFiles(root).flatMap((file) => citationsIn(file, readFileSync(join(root, file), 'utf8')));
}

/**
 * Finds the citations of one file. All strings and templates are searched, since names are also
 * composed from tables of rows. Comments and skipped tests do not count.
 */
export function citationsIn(file: string, text: string): readonly Citation[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse`);
  const found: Citation[] = [];
  let skipped = 0;
  const add = (source: string, { start, end }: { readonly start: number; readonly end: number }) => {
    for (const [written] of skipped > 0 ? [] : source.matchAll(mention)) {
      const id = written.replace(/[[\]]/g, '');
      const isWellFormed = written === (id.startsWith('D-') ? id : `[${id}]`);
      const line = text.slice(0, start).split('\n').length;
      found.push({ id, file, line, name: text.slice(start + 1, end - 1), isWellFormed });
    }
  };
  new Visitor({
    CallExpression(node) {
      if (isSkipped(node, text)) skipped += 1;
    },
    'CallExpression:exit'(node) {
      if (isSkipped(node, text)) skipped -= 1;
    },
    Literal(node) {
      if (typeof node.value === 'string') add(node.value, node);
    },
    TemplateLiteral(node) {
      for (const { value } of node.quasis) add(value.raw, node);
    },
  }).visit(program);
  return found;
}

function isSkipped({ callee }: CallExpression, text: string): boolean {
  return /^(?:it|test|describe)\b[^(]*\.(?:skip|skipIf|runIf|todo)\b/.test(text.slice(callee.start, callee.end));
}

function testFiles(root: string): readonly string[] {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/test`);
  return ['test', ...packages].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/${path}`)
      .filter((path) => (path.endsWith('.test.ts') || path.startsWith('test/suite/cases/')) && path.endsWith('.ts'))
      .filter((path) => !path.includes('node_modules') && path !== own)
      .sort(),
  );
}
