import { describe, expect, it } from 'vitest';
import { HeaderMemory } from '../../src/store/header-memory.js';
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
    const memory = new HeaderMemory();
    const { segment, jws } = headerOf('a');
    expect(memory.recall(segment)).toBeUndefined();
    memory.remember(jws);
    expect(memory.recall(segment)).toBe(jws.header);
    expect(memory.recall(headerOf('b').segment)).toBeUndefined();
    expect(memory.recall('')).toBeUndefined();
  });

  it('is bounded by entries: what was used least recently goes', () => {
    const memory = new HeaderMemory();
    for (let at = 0; at < 1000; at++) memory.remember(headerOf(`k${at}`).jws);
    memory.recall(headerOf('k0').segment);
    memory.remember(headerOf('one more').jws);
    expect(memory.recall(headerOf('k0').segment)).toBeDefined();
    expect(memory.recall(headerOf('k1').segment)).toBeUndefined();
  });

  it('is bounded by characters', () => {
    const memory = new HeaderMemory();
    const long = (at: number) => headerOf(`${at}${'x'.repeat(6000)}`);
    for (let at = 0; at < 100; at++) memory.remember(long(at).jws);
    const left = Array.from({ length: 100 }, (_, at) => memory.recall(long(at).segment)).filter(Boolean);
    expect(left.length).toBeGreaterThan(20);
    expect(left.length).toBeLessThan(40);
  });
});
