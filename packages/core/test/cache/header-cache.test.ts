import { describe, expect, it } from 'vitest';
import { HeaderCache } from '../../src/cache/header-cache.js';
import { jsonObject } from '../support/json-object.js';

function headerOf(kid: string) {
  const header = jsonObject({ alg: 'ES256', kid });
  const segment = Buffer.from(JSON.stringify(header)).toString('base64url');
  return {
    segment,
    jws: { header, payload: jsonObject({}), signingInput: `${segment}.e30`, signature: Buffer.alloc(0) },
  };
}

describe('cache of JWS headers (D-28)', () => {
  it('the header cache returns the header of a segment and undefined for another segment', () => {
    const cache = new HeaderCache();
    const { segment, jws } = headerOf('a');
    expect(cache.get(segment)).toBeUndefined();
    cache.set(jws);
    expect(cache.get(segment)).toBe(jws.header);
    expect(cache.get(headerOf('b').segment)).toBeUndefined();
    expect(cache.get('')).toBeUndefined();
  });

  it('the header cache has an entry limit and evicts the least recently used header', () => {
    const cache = new HeaderCache();
    for (let at = 0; at < 1000; at++) cache.set(headerOf(`k${at}`).jws);
    cache.get(headerOf('k0').segment);
    cache.set(headerOf('one more').jws);
    expect(cache.get(headerOf('k0').segment)).toBeDefined();
    expect(cache.get(headerOf('k1').segment)).toBeUndefined();
  });

  it('the header cache has a limit in characters', () => {
    const cache = new HeaderCache();
    const long = (at: number) => headerOf(`${at}${'x'.repeat(6000)}`);
    for (let at = 0; at < 100; at++) cache.set(long(at).jws);
    const left = Array.from({ length: 100 }, (_, at) => cache.get(long(at).segment)).filter(Boolean);
    expect(left.length).toBeGreaterThan(20);
    expect(left.length).toBeLessThan(40);
  });
});
