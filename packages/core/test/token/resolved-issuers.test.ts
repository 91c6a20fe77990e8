import { describe, expect, it } from 'vitest';
import { directoryUnderTest } from '../support-network/resolved-directory.js';

const a = 'https://a.example';

describe('an issuer that a token names', () => {
  it('is asked about once, and trusted for its time', async () => {
    const { clock, asked, find, findTold } = directoryUnderTest();
    expect(await findTold(a, 'A')).toBe('A');
    clock.advance(599.999);
    expect(await find(a)).toBe('A');
    expect(asked).toHaveLength(1);
    clock.advance(0.001);
    expect(await findTold(a, 'A')).toBe('A');
    expect(asked).toHaveLength(2);
  });

  it('is asked about again with what is known of it', async () => {
    const { clock, asked, findTold } = directoryUnderTest();
    await findTold(a, 'A');
    clock.advance(600);
    expect(await findTold(a, 'A2')).toBe('A2');
    expect(asked.map(({ identifier, known }) => [identifier, known])).toEqual([
      [a, undefined],
      [a, 'A'],
    ]);
  });

  it('is refused without asking for the time of a no, which is shorter', async () => {
    const { clock, asked, find, findTold } = directoryUnderTest();
    expect(await findTold(a, undefined)).toBe('issuer_untrusted');
    clock.advance(29.999);
    expect(await find(a)).toBe('issuer_untrusted');
    expect(asked).toHaveLength(1);
    clock.advance(0.001);
    expect(await findTold(a, 'A')).toBe('A');
    expect(asked[1]?.known).toBeUndefined();
  });

  it('that is taken away is gone when its time is over, and known no more', async () => {
    const { clock, asked, findTold, trusted } = directoryUnderTest();
    await findTold(a, 'A');
    expect(trusted()).toEqual([[a, 'A']]);
    clock.advance(600);
    expect(await findTold(a, undefined)).toBe('issuer_untrusted');
    expect(trusted()).toEqual([]);
    clock.advance(30);
    expect(await findTold(a, 'A')).toBe('A');
    expect(asked.map(({ known }) => known)).toEqual([undefined, 'A', undefined]);
  });

  it.each(['http://a.example', 'https://A.example', 'https://a.example?x', 'https://u@a.example', 'opaque', ''])(
    'is not asked about where it is no https issuer in its normal form: %j',
    async (identifier) => {
      const { asked, find, findTold } = directoryUnderTest();
      expect(await find(identifier)).toBe('issuer_untrusted');
      expect(asked).toHaveLength(0);
      expect(await findTold(a, 'A')).toBe('A');
    },
  );

  it('a name with a slash behind is another one', async () => {
    const { asked, findTold } = directoryUnderTest();
    expect([await findTold(a, 'A'), await findTold(`${a}/`, undefined)]).toEqual(['A', 'issuer_untrusted']);
    expect(asked).toHaveLength(2);
  });
});
