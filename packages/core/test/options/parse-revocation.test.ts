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
  ])('%j', (value, settings) => {
    const judged = parseOptions({ ...good, revocation: value }).revocation;
    expect(judged).toEqual(settings);
    expect(judged).toSatisfy(Object.isFrozen);
  });

  it.each([null, true, isRevoked, [], {}, { statusLists: false }, { isRevoked: undefined }])(
    'is not %j: whoever writes it means to check something',
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
  ])('%s is refused by name: %j', (name, value) => {
    expect(refusedOption(() => create({ revocation: value }))).toBe(`revocation.${name}`);
  });
});
