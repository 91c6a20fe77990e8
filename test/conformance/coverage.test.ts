import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../architecture/source-file.js';
import { type Citation, citationsIn } from './citations.js';
import { keepLedger, readCitations, requirements } from './ledger.js';
import type { Requirement } from './requirements/index.js';

describe('the requirements of this project', () => {
  it('are each shown by a test or excluded with a reason, and no test cites another', () => {
    expect(keepLedger(requirements, readCitations(root)).problems).toEqual([]);
  });

  it('have among them the decisions of ARCHITECTURE.md, and no other', () => {
    const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const decided = [...page.matchAll(/^\| (D-\d\d) \|/gm)].map(([, id]) => id);
    expect(requirements.map(({ id }) => id).filter((id) => id.startsWith('D-'))).toEqual(decided);
    expect(decided).not.toEqual([]);
  });

  it('are one line each', () => {
    const texts = requirements.flatMap(({ sentence, excluded, lacking }) => [sentence, excluded ?? '', lacking ?? '']);
    expect(texts.filter((text) => text.includes('\n') || text.length > 160)).toEqual([]);
  });
});

const record: Requirement = { id: 'RS-1-a', spec: 'RFC 1', section: '1', level: 'MUST', sentence: 'something holds' };
const citation: Citation = { id: 'RS-1-a', file: 'a.test.ts', line: 7, law: '[RS-1-a] a law', isWellFormed: true };

describe('the ledger', () => {
  it('has nothing to say of a requirement that a test shows, or that is excluded', () => {
    expect(keepLedger([record], [citation]).problems).toEqual([]);
    expect(keepLedger([{ ...record, excluded: 'not built yet: that' }], []).problems).toEqual([]);
    expect(keepLedger([{ ...record, lacking: 'not built yet: this' }], [citation]).problems).toEqual([]);
  });

  it.each<[string, readonly Requirement[], readonly Citation[]]>([
    ['RS-1-a: shown by no test (something holds)', [record], []],
    ['RS-1-a: shown by no test (something holds)', [{ ...record, lacking: 'this' }], []],
    ['RS-2-b: no such requirement, cited in a.test.ts:7', [record], [citation, { ...citation, id: 'RS-2-b' }]],
    ['D-99: no such requirement, cited in a.test.ts:7', [record], [citation, { ...citation, id: 'D-99' }]],
    ['RS-1-a: excluded, and shown in a.test.ts:7', [{ ...record, excluded: 'not built' }], [citation]],
    ['RS-1-a: excluded without a reason', [{ ...record, excluded: ' ' }], []],
    ['RS-1-a: excluded, so nothing of it is lacking', [{ ...record, excluded: 'not built', lacking: 'this' }], []],
    ['RS-1-a: there is another requirement of this id', [record, record], [citation]],
    ['RS-1-a: cited without its brackets in a.test.ts:7', [record], [{ ...citation, isWellFormed: false }]],
  ])('%s', (problem, records, citations) => {
    expect(keepLedger(records, citations).problems).toEqual([problem]);
  });
});

describe('a citation', () => {
  const idsIn = (text: string) => citationsIn('a.test.ts', text).map(({ id, line }) => [id, line]);

  it.each([
    ['the name of a test', "it('[RS-1-a] a law', () => {});"],
    ['the name of a group', "describe('D-01: laws', () => {});"],
    ['a template', `it(\`[RS-1-a] D-01: \${'a'} law\`, () => {});`],
    ['a name put together from rows', "const rows = [{ law: '[RS-1-a] a law' }];"],
    ['a name behind a table', "it.each([1])('a law [RS-1-a] [IS-2-b]', () => {});"],
  ])('stands in %s', (_where, text) => {
    expect(idsIn(text).length).toBeGreaterThan(0);
  });

  it.each([
    ['a comment', "// [RS-1-a]\nit('a law', () => {});"],
    ['a test that is skipped', "it.skip('[RS-1-a] a law', () => {});"],
    ['a test that is still to be written', "it.todo('[RS-1-a] a law');"],
    ['a group that is skipped', "describe.skip('laws', () => { it('[RS-1-a] a law', () => {}); });"],
    ['a table that is skipped', "it.skip.each([1])('[RS-1-a] a law', () => {});"],
  ])('does not stand in %s', (_where, text) => {
    expect(idsIn(text)).toEqual([]);
  });

  it('has the line and the name in which it stands', () => {
    const text = "\nit('[RS-1-a] D-01: a law', () => {});";
    const rest = { file: 'a.test.ts', line: 2, law: '[RS-1-a] D-01: a law', isWellFormed: true };
    expect(citationsIn('a.test.ts', text)).toEqual([
      { id: 'RS-1-a', ...rest },
      { id: 'D-01', ...rest },
    ]);
  });

  it.each(["'RS-1-a: a law'", "'[RS-1-a a law'", "'RS-CORS-1] a law'"])('is in brackets: %s is not', (name) => {
    expect(citationsIn('a.test.ts', `it(${name});`)).toMatchObject([{ isWellFormed: false }]);
  });
});
