import { describe, expect, it } from 'vitest';
import { directoryUnderTest } from '../support-network/resolved-directory.js';

const a = 'https://a.example';

describe('ResolvedIssuers, the result for an issuer that a token names', () => {
  it('a resolved issuer is trusted without another call for the trusted time', async () => {
    const { clock, calls, find, findWithAnswer } = directoryUnderTest();
    expect(await findWithAnswer(a, 'A')).toBe('A');
    clock.advance(599.999);
    expect(await find(a)).toBe('A');
    expect(calls).toHaveLength(1);
    clock.advance(0.001);
    expect(await findWithAnswer(a, 'A')).toBe('A');
    expect(calls).toHaveLength(2);
  });

  it('a resolved issuer is resolved again with the previous result', async () => {
    const { clock, calls, findWithAnswer } = directoryUnderTest();
    await findWithAnswer(a, 'A');
    clock.advance(600);
    expect(await findWithAnswer(a, 'A2')).toBe('A2');
    expect(calls.map(({ identifier, known }) => [identifier, known])).toEqual([
      [a, undefined],
      [a, 'A'],
    ]);
  });

  it('a refused issuer is refused without a call for the refused time, which is shorter', async () => {
    const { clock, calls, find, findWithAnswer } = directoryUnderTest();
    expect(await findWithAnswer(a, undefined)).toBe('issuer_untrusted');
    clock.advance(29.999);
    expect(await find(a)).toBe('issuer_untrusted');
    expect(calls).toHaveLength(1);
    clock.advance(0.001);
    expect(await findWithAnswer(a, 'A')).toBe('A');
    expect(calls[1]?.known).toBeUndefined();
  });

  it('an issuer that the application no longer trusts is removed after the trusted time', async () => {
    const { clock, calls, findWithAnswer, trusted } = directoryUnderTest();
    await findWithAnswer(a, 'A');
    expect(trusted()).toEqual([[a, 'A']]);
    clock.advance(600);
    expect(await findWithAnswer(a, undefined)).toBe('issuer_untrusted');
    expect(trusted()).toEqual([]);
    clock.advance(30);
    expect(await findWithAnswer(a, 'A')).toBe('A');
    expect(calls.map(({ known }) => known)).toEqual([undefined, 'A', undefined]);
  });

  it.each(['http://a.example', 'https://A.example', 'https://a.example?x', 'https://u@a.example', 'opaque', ''])(
    'the resolver is not called for a name that is not an https issuer in normal form: %j',
    async (identifier) => {
      const { calls, find, findWithAnswer } = directoryUnderTest();
      expect(await find(identifier)).toBe('issuer_untrusted');
      expect(calls).toHaveLength(0);
      expect(await findWithAnswer(a, 'A')).toBe('A');
    },
  );

  it('an issuer name with a trailing slash is a different issuer', async () => {
    const { calls, findWithAnswer } = directoryUnderTest();
    expect([await findWithAnswer(a, 'A'), await findWithAnswer(`${a}/`, undefined)]).toEqual(['A', 'issuer_untrusted']);
    expect(calls).toHaveLength(2);
  });
});
