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

describe('D-28: the memory of headers', () => {
  it('gives back the header of a segment, and nothing for another', () => {
    const memory = new HeaderCache();
    const { segment, jws } = headerOf('a');
    expect(memory.get(segment)).toBeUndefined();
    memory.set(jws);
    expect(memory.get(segment)).toBe(jws.header);
    expect(memory.get(headerOf('b').segment)).toBeUndefined();
    expect(memory.get('')).toBeUndefined();
  });

  it('is bounded by entries: what was used least recently goes', () => {
    const memory = new HeaderCache();
    for (let at = 0; at < 1000; at++) memory.set(headerOf(`k${at}`).jws);
    memory.get(headerOf('k0').segment);
    memory.set(headerOf('one more').jws);
    expect(memory.get(headerOf('k0').segment)).toBeDefined();
    expect(memory.get(headerOf('k1').segment)).toBeUndefined();
  });

  it('is bounded by characters', () => {
    const memory = new HeaderCache();
    const long = (at: number) => headerOf(`${at}${'x'.repeat(6000)}`);
    for (let at = 0; at < 100; at++) memory.set(long(at).jws);
    const left = Array.from({ length: 100 }, (_, at) => memory.get(long(at).segment)).filter(Boolean);
    expect(left.length).toBeGreaterThan(20);
    expect(left.length).toBeLessThan(40);
  });
});
