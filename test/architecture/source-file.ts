import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** The root of the repository. */
export const root: string = resolve(import.meta.dirname, '../..');

/** One import, export-from or dynamic import of a source file. */
interface Import {
  /** The module specifier as written. */
  readonly specifier: string;
  /** The file, relative to the package's src; `undefined` for a module of another package. */
  readonly target: string | undefined;
  readonly isTypeOnly: boolean;
}

/** A source file, with what the import rules check. */
export interface SourceFile {
  /** Relative to the package's src. */
  readonly path: string;
  readonly imports: readonly Import[];
  /**
   * Every identifier and string key, and `a.b`, `instanceof a` and `the operator in`: all ways in
   * which code can refer to a global.
   */
  readonly names: ReadonlySet<string>;
}

/** Parses every source file of a package. */
export function readSources(packageName: string): readonly SourceFile[] {
  const src = join(root, 'packages', packageName, 'src');
  return filesBelow(src).map((path) => readSource(src, path));
}

/**
 * The number of code lines in a package's src, without imports, re-exports, types, comments and
 * blank lines.
 */
export function countCode(packageName: string): number {
  const src = join(root, 'packages', packageName, 'src');
  return filesBelow(src).reduce((sum, path) => sum + countFile(path, readFileSync(join(src, path), 'utf8')), 0);
}

function countFile(path: string, text: string): number {
  const { program, comments } = parseSync(path, text);
  const lines = text.split('\n').map((line) => line.trim() !== '');
  const silence = ({ start, end }: { start: number; end: number }) => {
    const first = text.slice(0, start).split('\n').length - 1;
    const last = text.slice(0, end).split('\n').length - 1;
    for (let at = first; at <= last; at++) lines[at] = false;
  };
  for (const comment of comments) silence(comment);
  for (const node of program.body) {
    const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
    const isReExport = node.type === 'ExportNamedDeclaration' && node.declaration === null;
    if (isReExport || silentTypes.includes(declaration?.type ?? '')) silence(node);
  }
  return lines.filter(Boolean).length;
}

const silentTypes = [
  'ImportDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSModuleDeclaration',
  'TSGlobalDeclaration',
];

function filesBelow(src: string): string[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  return files.filter((path) => path.endsWith('.ts')).sort();
}

function readSource(src: string, path: string): SourceFile {
  const text = readFileSync(join(src, path), 'utf8');
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse`);
  const imports: Import[] = [];
  const names = new Set<string>();
  const add = (specifier: string, isTypeOnly: boolean) =>
    imports.push({ specifier, isTypeOnly, target: targetOf(src, path, specifier) });
  new Visitor({
    ImportDeclaration(node) {
      const specifiers = node.specifiers ?? [];
      const allTypes =
        specifiers.length > 0 && specifiers.every((one) => 'importKind' in one && one.importKind === 'type');
      add(node.source.value, node.importKind === 'type' || allTypes);
    },
    ExportNamedDeclaration(node) {
      if (node.source) add(node.source.value, node.exportKind === 'type');
    },
    ExportAllDeclaration(node) {
      add(node.source.value, node.exportKind === 'type');
    },
    ImportExpression(node) {
      add(node.source.type === 'Literal' ? String(node.source.value) : '(computed)', false);
    },
    Identifier(node) {
      names.add(node.name);
    },
    Literal(node) {
      if (typeof node.value === 'string') names.add(node.value);
    },
    BinaryExpression(node) {
      const isTest = node.operator === 'instanceof' && node.right.type === 'Identifier';
      if (node.operator === 'in' && (node.left.type as string) !== 'PrivateIdentifier') names.add('the operator in');
      if (isTest) names.add(`instanceof ${(node.right as { name: string }).name}`);
    },
    MemberExpression(node) {
      const property = node.property.type === 'Identifier' ? node.property.name : undefined;
      if (node.object.type === 'Identifier' && property) names.add(`${node.object.name}.${property}`);
    },
  }).visit(program);
  return { path, imports, names };
}

function targetOf(src: string, path: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return relative(src, resolve(dirname(join(src, path)), specifier.replace(/\.js$/, '.ts')));
}
