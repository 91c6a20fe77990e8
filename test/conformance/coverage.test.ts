import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../architecture/source-file.js';
import { type Citation, citationsIn } from './citations.js';
import { keepLedger, readCitations, requirements } from './ledger.js';
import type { Requirement } from './requirements/index.js';

describe('the requirements of this project', () => {
  it('every requirement is cited by a test or excluded with a reason, and every cited id exists', () => {
    expect(keepLedger(requirements, readCitations(root)).problems).toEqual([]);
  });

  it('the requirements contain exactly the decisions of ARCHITECTURE.md', () => {
    const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const decided = [...page.matchAll(/^\| (D-\d\d) \|/gm)].map(([, id]) => id);
    expect(requirements.map(({ id }) => id).filter((id) => id.startsWith('D-'))).toEqual(decided);
    expect(decided).not.toEqual([]);
  });

  it('every sentence of a requirement is one line of at most 160 characters', () => {
    const texts = requirements.flatMap(({ sentence, excluded, lacking }) => [sentence, excluded ?? '', lacking ?? '']);
    expect(texts.filter((text) => text.includes('\n') || text.length > 160)).toEqual([]);
  });
});

const record: Requirement = { id: 'RS-1-a', spec: 'RFC 1', section: '1', level: 'MUST', sentence: 'something holds' };
const citation: Citation = { id: 'RS-1-a', file: 'a.test.ts', line: 7, name: 'a rule [RS-1-a]', isWellFormed: true };

describe('the problems that the ledger reports', () => {
  it('the ledger reports no problem for a requirement that is cited by a test or excluded with a reason', () => {
    expect(keepLedger([record], [citation]).problems).toEqual([]);
    expect(keepLedger([{ ...record, excluded: 'not built yet: that' }], []).problems).toEqual([]);
    expect(keepLedger([{ ...record, lacking: 'not built yet: this' }], [citation]).problems).toEqual([]);
  });

  it.each<[problem: string, readonly Requirement[], readonly Citation[]]>([
    ['RS-1-a: no test cites it (something holds)', [record], []],
    ['RS-1-a: no test cites it (something holds)', [{ ...record, lacking: 'this' }], []],
    ['RS-2-b: unknown requirement, cited in a.test.ts:7', [record], [citation, { ...citation, id: 'RS-2-b' }]],
    ['D-99: unknown requirement, cited in a.test.ts:7', [record], [citation, { ...citation, id: 'D-99' }]],
    ['RS-1-a: excluded, but cited in a.test.ts:7', [{ ...record, excluded: 'not built' }], [citation]],
    ['RS-1-a: the reason for the exclusion is empty', [{ ...record, excluded: ' ' }], []],
    [
      'RS-1-a: has both `excluded` and `lacking`; use one of them',
      [{ ...record, excluded: 'not built', lacking: 'this' }],
      [],
    ],
    ['RS-1-a: two requirements have this id', [record, record], [citation]],
    ['RS-1-a: cited without brackets in a.test.ts:7', [record], [{ ...citation, isWellFormed: false }]],
  ])('the ledger reports: %s', (problem, records, citations) => {
    expect(keepLedger(records, citations).problems).toEqual([problem]);
  });
});

describe('the search for citations', () => {
  const idsIn = (text: string) => citationsIn('a.test.ts', text).map(({ id, line }) => [id, line]);

  it.each([
    ['the name of a test', "it('[RS-1-a] a rule', () => {});"],
    ['the end of a name', "it('a rule (D-01) [RS-1-a]', () => {});"],
    ['the name of a group', "describe('D-01: rules', () => {});"],
    ['a template', `it(\`\${'a'} rule (D-01) [RS-1-a]\`, () => {});`],
    ['a name in a table of rows', "const rows = [{ name: '[RS-1-a] a rule' }];"],
    ['a name after a table', "it.each([1])('a rule [RS-1-a] [IS-2-b]', () => {});"],
  ])('an id in %s is a citation', (_where, text) => {
    expect(idsIn(text).length).toBeGreaterThan(0);
  });

  it.each([
    ['a comment', "// [RS-1-a]\nit('a rule', () => {});"],
    ['a skipped test', "it.skip('a rule [RS-1-a]', () => {});"],
    ['a todo', "it.todo('a rule [RS-1-a]');"],
    ['a skipped group', "describe.skip('rules', () => { it('a rule [RS-1-a]', () => {}); });"],
    ['a skipped table', "it.skip.each([1])('a rule [RS-1-a]', () => {});"],
  ])('an id in %s is not a citation', (_where, text) => {
    expect(idsIn(text)).toEqual([]);
  });

  it('a citation contains the line and the whole name', () => {
    const text = "\nit('a rule (D-01) [RS-1-a]', () => {});";
    const rest = { file: 'a.test.ts', line: 2, name: 'a rule (D-01) [RS-1-a]', isWellFormed: true };
    expect(citationsIn('a.test.ts', text)).toEqual([
      { id: 'D-01', ...rest },
      { id: 'RS-1-a', ...rest },
    ]);
  });

  it.each(["'RS-1-a: a rule'", "'[RS-1-a a rule'", "'RS-CORS-1] a rule'"])(
    'the citation in %s lacks a bracket',
    (name) => {
      expect(citationsIn('a.test.ts', `it(${name});`)).toMatchObject([{ isWellFormed: false }]);
    },
  );
});
