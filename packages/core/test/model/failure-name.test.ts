import { describe, expect, it } from 'vitest';
import { failureName } from '../../src/model/failure-name.js';

describe('failureName, one word for the kind of a failure', () => {
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
  ])('the failure name of %j is %s', (failure, name) => {
    expect(failureName(failure)).toBe(name);
  });

  it('the failure name is "failed" if reading the failure throws', () => {
    const trap = {
      get code(): never {
        throw new Error('s3cret');
      },
    };
    expect(failureName(trap)).toBe('failed');
    expect(failureName(Proxy.revocable({}, {}).proxy)).toBe('failed');
  });
});
