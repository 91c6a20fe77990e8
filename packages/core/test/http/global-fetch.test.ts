import { describe, expect, it } from 'vitest';
import { FetchTransport } from '../../src/http/fetch-transport.js';
import { openFetcher, serving } from '../support-network/for-one-test.js';
import { failureOf, loopbackTerms } from '../support-network/network-failure.js';
import { answer, chunked, type ScriptedServer, scriptedServer } from '../support-network/scripted-server.js';

const limit = 256 * 1024;

async function fetchFrom({ origin }: ScriptedServer, timeoutMilliseconds?: number): Promise<Uint8Array> {
  const fetcher = openFetcher(new FetchTransport(fetch), timeoutMilliseconds);
  return (await fetcher.fetchDocument(new URL('/doc', origin), loopbackTerms)).octets;
}

describe('the global fetch as a custom fetch (D-21)', () => {
  it('the global fetch returns the octets of a 200 response and requests no compression', async () => {
    const server = await serving(answer(200, {}, '{"a":1}'));
    expect(Buffer.from(await fetchFrom(server)).toString()).toBe('{"a":1}');
    const [head = ''] = server.heads;
    expect(head).toMatch(/^GET \/doc HTTP\/1\.1\r\n/);
    expect(head.toLowerCase()).toContain('accept-encoding: identity\r\n');
    expect(head.toLowerCase()).not.toMatch(/^(authorization|cookie|referer):/m);
  });

  it.each([301, 302, 303, 307, 308])('the global fetch does not follow a redirect %i', async (status) => {
    const target = await serving(answer(200, {}, '{}'));
    const server = await serving(answer(status, { location: `${target.origin}/doc` }));
    expect((await failureOf(fetchFrom(server))).code).toBe('bad_status');
    expect(target.connections).toBe(0);
    await fetchFrom(target);
    expect(target.connections).toBe(1);
  });

  it.each<[string, string]>([
    ['with a content encoding', answer(200, { 'content-encoding': 'gzip' }, '{}')],
    ['whose Content-Length is too large', answer(200, { 'content-length': String(limit + 1) })],
    [
      'that is chunked, too long and endless',
      answer(200, { 'transfer-encoding': 'chunked' }, chunked('x'.repeat(limit), 'x').slice(0, -5)),
    ],
  ])('a response of the global fetch %s is refused', async (_, reply) => {
    expect((await failureOf(fetchFrom(await serving(reply)))).code).toBe('bad_document');
  });

  it('a failure of the global fetch carries Retry-After (D-08)', async () => {
    const failure = await failureOf(fetchFrom(await serving(answer(503, { 'retry-after': '7' }))));
    expect([failure.code, failure.retryAfterSeconds]).toEqual(['bad_status', 7]);
  });

  it.each<[string, string]>([
    ['no data', ''],
    ['half a response', answer(200, {}, '{"a":1}').slice(0, -3)],
  ])('a global fetch that receives %s times out, and its connection is closed', async (_, reply) => {
    const server = await serving(reply);
    expect((await failureOf(fetchFrom(server, 50))).code).toBe('timeout');
    await server.allGone();
  });

  it('close() ends a pending global fetch', async () => {
    const server = await serving('');
    const closing = openFetcher(new FetchTransport(fetch));
    const failure = failureOf(closing.fetchDocument(new URL(server.origin), loopbackTerms));
    while (server.heads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    closing.close();
    expect((await failure).code).toBe('closed');
  });

  it('a connection that the server refuses is a NetworkError of the global fetch', async () => {
    const server = await scriptedServer(() => {});
    await server.close();
    expect((await failureOf(fetchFrom(server))).code).toBe('unreachable');
  });
});
