import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../src/options/parse-options.js';
import { create, good, refusedOption } from '../support-network/options.js';

const isRevoked = () => false;

describe('revocation', () => {
  it.each([
    [undefined, { isRevoked: undefined, usesStatusLists: false }],
    [{ isRevoked }, { isRevoked, usesStatusLists: false }],
    [{ statusLists: true }, { isRevoked: undefined, usesStatusLists: true }],
    [
      { isRevoked, statusLists: true },
      { isRevoked, usesStatusLists: true },
    ],
    [
      { isRevoked, statusLists: false },
      { isRevoked, usesStatusLists: false },
    ],
  ])('revocation %j is accepted', (value, settings) => {
    const parsed = parseOptions({ ...good, revocation: value }).revocation;
    expect(parsed).toEqual(settings);
    expect(parsed).toSatisfy(Object.isFrozen);
  });

  it.each([null, true, isRevoked, [], {}, { statusLists: false }, { isRevoked: undefined }])(
    'revocation refuses %j, which would check nothing',
    (value) => {
      expect(refusedOption(() => create({ revocation: value }))).toBe('revocation');
    },
  );

  it.each([
    ['isRevoked', { isRevoked: true }],
    ['isRevoked', { isRevoked: null }],
    ['isRevoked', { isRevoked: ['t'], statusLists: true }],
    ['statusLists', { statusLists: 'true' }],
    ['statusLists', { statusLists: null, isRevoked }],
    ['statusLists', { statusLists: 1 }],
    ['statusList', { statusList: true }],
  ])('revocation names the invalid option %s: %j', (name, value) => {
    expect(refusedOption(() => create({ revocation: value }))).toBe(`revocation.${name}`);
  });
});
