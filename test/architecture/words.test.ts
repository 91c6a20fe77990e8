import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { root } from './source-file.js';

/*
 * The project uses plain technical English (CONTRIBUTING.md). The words below are vague or
 * personify programs; each has a term of the field instead. The package of the mock issuer is
 * excluded.
 */

/** Regular expressions for whole words, case-insensitive. */
const forbidden = [
  'nobody',
  'somebody',
  'anybody',
  'everybody',
  'whoever',
  'strangers?',
  'foundry',
  'doorkeeper',
  'gatekeeper',
  'mend(s|ed|ing)?',
  'riddles?',
  'stands? on',
  'is over',
  'turned away',
  'lets? (in|through)',
  'at hand',
  'judg(e|es|ed|ing)',
  'patience',
  'remember(s|ed)?',
  'recall(s|ed)?',
  'whom',
  'vouch(es|ed)?',
  'forgets?',
  'guests?',
];

/** Whether the words and lines of this file are checked. */
const isRead = (path: string) =>
  /\.(ts|mts|mjs|md|ya?ml|json)$|^\.ci\/run$/.test(path) &&
  !/^packages\/mock-issuer\/|^pnpm-lock|^test\/bench\/results\/|^test\/architecture\/words\.test\.ts$/.test(path);

const files = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .stdout.split('\n')
  .filter((path) => path !== '' && isRead(path) && existsSync(join(root, path)));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the language of the project', () => {
  it('the list of files to read is not empty', () => {
    expect(files.length).toBeGreaterThan(500);
  });

  it('uses none of the forbidden words in code, comments, texts, test names and documents', () => {
    const pattern = new RegExp(`\\b(?:${forbidden.join('|')})\\b`, 'i');
    const found = files.flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1} ${pattern.exec(line)?.[0]}`] : [])),
    );
    expect(found).toEqual([]);
  });
});

describe('the length of lines', () => {
  it('source lines have at most 120 columns, string literals aside', () => {
    const sources = files.filter((path) => /\.(ts|mts|mjs)$/.test(path));
    expect(longLines(sources, 120, (line) => /['"`/]/.test(line))).toEqual([]);
  });

  it('comments have at most 100 columns', () => {
    const sources = files.filter((path) => /\.(ts|mts)$/.test(path));
    const found = sources.flatMap((path) => {
      const text = read(path);
      const { comments } = parseSync(path, text);
      return comments.flatMap(({ start, end }) => {
        const lineStart = text.lastIndexOf('\n', start) + 1;
        // A comment behind code on one line belongs to the code.
        if (text.slice(lineStart, start).trim() !== '') return [];
        const first = text.slice(0, start).split('\n').length;
        const lines = text.slice(lineStart, end).split('\n');
        return lines.flatMap((line, at) =>
          line.length > 100 && !line.includes('://') ? [`${path}:${first + at}`] : [],
        );
      });
    });
    expect(found).toEqual([]);
  });

  it('prose of Markdown documents has at most 100 columns, tables and code aside', () => {
    const pages = files.filter((path) => path.endsWith('.md'));
    const found = pages.flatMap((path) => {
      const prose = read(path).replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ''));
      const isProse = (line: string) => !line.startsWith('|') && !/^\s*\S+\]\(\S+\)\S*$/.test(line);
      return prose.split('\n').flatMap((line, at) => (line.length > 100 && isProse(line) ? [`${path}:${at + 1}`] : []));
    });
    expect(found).toEqual([]);
  });
});

/** Lines of more than `columns` for which `isExempt` is false. */
function longLines(paths: readonly string[], columns: number, isExempt: (line: string) => boolean): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, at) => (line.length > columns && !isExempt(line) ? [`${path}:${at + 1}`] : [])),
  );
}
