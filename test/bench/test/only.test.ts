import { describe, expect, it } from 'vitest';
import { onlyFilter } from '../src/subjects/only.js';

const names = ['jose', '@resource-server/express'];

describe('the option --only', () => {
  it('without --only all subjects are selected', () => {
    expect(onlyFilter(undefined, names)('jose', 'ES256')).toBe(true);
  });

  it('--only selects by subject, by algorithm or by both', () => {
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

  it('--only selects package names that contain a slash', () => {
    const filter = onlyFilter('@resource-server/express/ES256,jose', names);
    expect([filter('@resource-server/express', 'ES256'), filter('@resource-server/express', 'RS256')]).toEqual([
      true,
      false,
    ]);
    expect(filter('jose', 'RS256')).toBe(true);
  });

  it('--only without a matching subject throws an error that lists the subjects', () => {
    expect(() => onlyFilter('joes', names)).toThrow(
      '--only joes matches no subject; the subjects are jose, @resource-server/express',
    );
  });
});
