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

describe('fetching of a JSON object', () => {
  it('a fetched JSON object carries its lifetime', async () => {
    expect(await fetching({ a: 1 }, 60)).toEqual({ object: { a: 1 }, freshSeconds: 60 });
    expect(await fetching({})).toEqual({ object: {}, freshSeconds: undefined });
  });

  it.each([
    ['a list', () => Buffer.from('[]')],
    ['a string', () => Buffer.from('"s3cret"')],
    ['an HTML page', () => Buffer.from('<html>s3cret</html>')],
    ['empty', () => Buffer.from('')],
    ['an object with a duplicate member', () => Buffer.from('{"s3cret":1,"s3cret":2}')],
  ])('a document that is %s is refused, and the failure quotes nothing of it', async (_, answer) => {
    const failure = await failureOf(fetching(answer));
    expect(failure.code).toBe('bad_document');
    expect(failure.message).toContain('https://issuer.example/doc');
    expect(failure.message).not.toContain('s3cret');
  });

  it('a failure of the fetcher is passed on unchanged', async () => {
    const failure = new NetworkError('timeout', 'no answer in time');
    expect(await failureOf(fetching(failure))).toBe(failure);
  });

  it('a document is fetched only where the fetch terms permit it', async () => {
    const fetcher = new ScriptedFetcher();
    const narrow = { ...terms, hosts: new Set(['other.example']) };
    expect((await failureOf(fetchObject(url, narrow, fetcher))).code).toBe('not_permitted');
  });
});
