import { describe, expect, it } from 'vitest';
import { fetchObject } from '../../src/discovery/fetch-object.js';
import { NetworkError } from '../../src/model/ports.js';
import { failureOf } from '../support-network/network-failure.js';
import { ScriptedFetcher } from '../support-network/scripted-fetcher.js';

const url = new URL('https://issuer.example/doc?tenant=1');
const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;

function fetching(answer: unknown, freshSeconds?: number) {
  const fetcher = new ScriptedFetcher();
  fetcher.answer(url.href, answer, freshSeconds);
  return fetchObject(url, terms, fetcher);
}

describe('a document that is one JSON object', () => {
  it('comes with how long it is fresh', async () => {
    expect(await fetching({ a: 1 }, 60)).toEqual({ object: { a: 1 }, freshSeconds: 60 });
    expect(await fetching({})).toEqual({ object: {}, freshSeconds: undefined });
  });

  it.each([
    ['a list', () => Buffer.from('[]')],
    ['text', () => Buffer.from('"s3cret"')],
    ['a page', () => Buffer.from('<html>s3cret</html>')],
    ['nothing', () => Buffer.from('')],
    ['an object with one name twice', () => Buffer.from('{"s3cret":1,"s3cret":2}')],
  ])('is not %s, and the failure quotes nothing of it', async (_, answer) => {
    const failure = await failureOf(fetching(answer));
    expect(failure.code).toBe('bad_document');
    expect(failure.message).toContain('https://issuer.example/doc');
    expect(failure.message).not.toContain('s3cret');
  });

  it('where the door fails its failure is handed on', async () => {
    const failure = new NetworkError('timeout', 'no answer in time');
    expect(await failureOf(fetching(failure))).toBe(failure);
  });

  it('is asked for on the terms', async () => {
    const fetcher = new ScriptedFetcher();
    const narrow = { ...terms, hosts: new Set(['other.example']) };
    expect((await failureOf(fetchObject(url, narrow, fetcher))).code).toBe('not_permitted');
  });
});
