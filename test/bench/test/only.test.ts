import { describe, expect, it } from 'vitest';
import { onlyFilter } from '../src/subjects/only.js';

const names = ['jose', '@resource-server/express'];

describe('--only', () => {
  it('wants everything when it is not given', () => {
    expect(onlyFilter(undefined, names)('jose', 'ES256')).toBe(true);
  });

  it('takes a subject, an algorithm, or both', () => {
    expect([onlyFilter('jose', names)('jose', 'ES256'), onlyFilter('jose', names)('other')]).toEqual([true, false]);
    expect([onlyFilter('/ES256', names)('jose', 'ES256'), onlyFilter('/ES256', names)('jose', 'RS256')]).toEqual([
      true,
      false,
    ]);
    expect([onlyFilter('jose/ES256', names)('jose', 'RS256'), onlyFilter('jose/ES256', names)('jose')]).toEqual([
      false,
      true,
    ]);
  });

  it('takes names that have a slash', () => {
    const filter = onlyFilter('@resource-server/express/ES256,jose', names);
    expect([filter('@resource-server/express', 'ES256'), filter('@resource-server/express', 'RS256')]).toEqual([
      true,
      false,
    ]);
    expect(filter('jose', 'RS256')).toBe(true);
  });

  it('says what there is when it means nobody', () => {
    expect(() => onlyFilter('joes', names)).toThrow('--only joes: there are jose, @resource-server/express');
  });
});
