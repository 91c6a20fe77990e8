import { describe, expect, it } from 'vitest';
import { failureName } from '../../src/model/failure-name.js';

describe('what kind of failure it was, in one word', () => {
  it.each<[unknown, string]>([
    [Object.assign(new Error('s3cret'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new TypeError('fetch failed', { cause: Object.assign(new Error('s3cret'), { code: 'ENOTFOUND' }) }), 'ENOTFOUND'],
    [new TypeError('s3cret'), 'TypeError'],
    ['s3cret', 'failed'],
    [undefined, 'failed'],
    [null, 'failed'],
    [{ code: 7, name: 'Strange' }, 'Strange'],
    [{ code: 'two words', name: 'line\nbreak' }, 'failed'],
    [{ name: Symbol('s3cret') }, 'failed'],
    [{ name: 'x'.repeat(65) }, 'failed'],
  ])('%j is %s', (failure, name) => {
    expect(failureName(failure)).toBe(name);
  });

  it('a getter that throws is no matter', () => {
    const trap = {
      get code(): never {
        throw new Error('s3cret');
      },
    };
    expect(failureName(trap)).toBe('failed');
    expect(failureName(Proxy.revocable({}, {}).proxy)).toBe('failed');
  });
});
