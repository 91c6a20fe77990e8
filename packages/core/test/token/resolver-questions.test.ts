import { describe, expect, it } from 'vitest';
import { directoryUnderTest } from '../support-network/resolved-directory.js';

const a = 'https://a.example';
const b = 'https://b.example';

describe('questions', () => {
  it('about one issuer are one at a time, however many wait', async () => {
    const { asked, find } = directoryUnderTest();
    const finding = Array.from({ length: 100 }, () => find(a));
    expect(asked).toHaveLength(1);
    asked[0]?.resolve('A');
    expect(new Set(await Promise.all(finding))).toEqual(new Set(['A']));
    expect(asked).toHaveLength(1);
  });

  it('about two issuers do not wait for each other', async () => {
    const { asked, find } = directoryUnderTest();
    const [first, second] = [find(a), find(b)];
    asked[1]?.resolve('B');
    expect(await second).toBe('B');
    asked[0]?.resolve('A');
    expect(await first).toBe('A');
  });

  it('that fail are 500 with their cause for all who wait, and the next one is asked', async () => {
    const { asked, find, findTold } = directoryUnderTest();
    const cause = new Error('no database');
    const finding = [find(a), find(a)];
    asked[0]?.reject(cause);
    expect(await Promise.all(finding)).toEqual(['callback_failed', 'callback_failed']);
    expect(await findTold(a, 'A')).toBe('A');
    expect(asked).toHaveLength(2);
  });

  it('that fail about an issuer that was trusted make it neither trusted nor forgotten', async () => {
    const { clock, asked, find, findTold } = directoryUnderTest();
    await findTold(a, 'A');
    clock.advance(600);
    const finding = find(a);
    asked[1]?.reject(undefined);
    expect(await finding).toBe('callback_failed');
    expect(await findTold(a, 'A')).toBe('A');
    expect(asked[2]?.known).toBe('A');
  });

  it('that get no answer in time are 503, and the next one is asked: nothing is pinned', async () => {
    const { asked, find, findTold } = directoryUnderTest({ timeoutSeconds: 0.02 });
    expect(await Promise.all([find(a), find(a)])).toEqual(['issuer_unresolved', 'issuer_unresolved']);
    expect(asked).toHaveLength(1);
    expect(await findTold(a, 'A')).toBe('A');
  });

  it('a late answer is none: it is not remembered, and pushes nothing aside', async () => {
    const { asked, find, findTold } = directoryUnderTest({ timeoutSeconds: 0.02 });
    expect(await find(a)).toBe('issuer_unresolved');
    asked[0]?.resolve('late');
    await asked[0]?.promise;
    expect(await findTold(a, undefined)).toBe('issuer_untrusted');
    expect(await find(a)).toBe('issuer_untrusted');
    expect(asked).toHaveLength(2);
  });

  it('a late answer does not end the question that came after it', async () => {
    const { asked, find } = directoryUnderTest({ timeoutSeconds: 0.02 });
    expect(await find(a)).toBe('issuer_unresolved');
    const second = find(a);
    asked[0]?.resolve('late');
    const third = find(a);
    asked[1]?.resolve('A');
    expect(await Promise.all([second, third])).toEqual(['A', 'A']);
    expect(asked).toHaveLength(2);
  });

  it('a late failure is nobody’s unhandled rejection', async () => {
    const { asked, find } = directoryUnderTest({ timeoutSeconds: 0.02 });
    expect(await find(a)).toBe('issuer_unresolved');
    asked[0]?.reject(new Error('later'));
    await expect(asked[0]?.promise).rejects.toThrow('later');
  });
});
