import { describe, expect, it } from 'vitest';
import { directoryUnderTest } from '../support-network/resolved-directory.js';

const a = 'https://a.example';
const b = 'https://b.example';

describe('calls of the issuer resolver', () => {
  it('concurrent look-ups of one issuer share one resolver call', async () => {
    const { calls, find } = directoryUnderTest();
    const lookups = Array.from({ length: 100 }, () => find(a));
    expect(calls).toHaveLength(1);
    calls[0]?.resolve('A');
    expect(new Set(await Promise.all(lookups))).toEqual(new Set(['A']));
    expect(calls).toHaveLength(1);
  });

  it('resolver calls for two issuers do not wait for each other', async () => {
    const { calls, find } = directoryUnderTest();
    const [first, second] = [find(a), find(b)];
    calls[1]?.resolve('B');
    expect(await second).toBe('B');
    calls[0]?.resolve('A');
    expect(await first).toBe('A');
  });

  it('a failed resolver call yields callback_failed for all its callers; the next look-up calls again', async () => {
    const { calls, find, findWithAnswer } = directoryUnderTest();
    const cause = new Error('no database');
    const lookups = [find(a), find(a)];
    calls[0]?.reject(cause);
    expect(await Promise.all(lookups)).toEqual(['callback_failed', 'callback_failed']);
    expect(await findWithAnswer(a, 'A')).toBe('A');
    expect(calls).toHaveLength(2);
  });

  it('a failed resolver call for a trusted issuer keeps the previous result for the next call', async () => {
    const { clock, calls, find, findWithAnswer } = directoryUnderTest();
    await findWithAnswer(a, 'A');
    clock.advance(600);
    const lookups = find(a);
    calls[1]?.reject(undefined);
    expect(await lookups).toBe('callback_failed');
    expect(await findWithAnswer(a, 'A')).toBe('A');
    expect(calls[2]?.known).toBe('A');
  });

  it('a resolver call that times out yields issuer_unresolved, and the next look-up calls again', async () => {
    const { calls, find, findWithAnswer } = directoryUnderTest({ timeoutSeconds: 0.02 });
    expect(await Promise.all([find(a), find(a)])).toEqual(['issuer_unresolved', 'issuer_unresolved']);
    expect(calls).toHaveLength(1);
    expect(await findWithAnswer(a, 'A')).toBe('A');
  });

  it('a late result of the resolver is not cached and evicts nothing', async () => {
    const { calls, find, findWithAnswer } = directoryUnderTest({ timeoutSeconds: 0.02 });
    expect(await find(a)).toBe('issuer_unresolved');
    calls[0]?.resolve('late');
    await calls[0]?.promise;
    expect(await findWithAnswer(a, undefined)).toBe('issuer_untrusted');
    expect(await find(a)).toBe('issuer_untrusted');
    expect(calls).toHaveLength(2);
  });

  it('a late result of the resolver does not end the call after it', async () => {
    const { calls, find } = directoryUnderTest({ timeoutSeconds: 0.02 });
    expect(await find(a)).toBe('issuer_unresolved');
    const second = find(a);
    calls[0]?.resolve('late');
    const third = find(a);
    calls[1]?.resolve('A');
    expect(await Promise.all([second, third])).toEqual(['A', 'A']);
    expect(calls).toHaveLength(2);
  });

  it('a late failure of the resolver is not an unhandled rejection', async () => {
    const { calls, find } = directoryUnderTest({ timeoutSeconds: 0.02 });
    expect(await find(a)).toBe('issuer_unresolved');
    calls[0]?.reject(new Error('later'));
    await expect(calls[0]?.promise).rejects.toThrow('later');
  });
});
