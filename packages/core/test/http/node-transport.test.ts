import { describe, expect, it } from 'vitest';
import { NodeTransport } from '../../src/http/node-transport.js';
import { NetworkError } from '../../src/model/ports.js';
import { openFetcher, serving } from '../support-network/for-one-test.js';
import { failureOf, loopbackTerms } from '../support-network/network-failure.js';
import { answer, chunked, type ScriptedServer } from '../support-network/scripted-server.js';

const limit = 256 * 1024;
const secret = 's3cret-body';

async function fetchFrom({ origin }: ScriptedServer, path = '/doc'): Promise<Uint8Array> {
  return (await openFetcher(new NodeTransport()).fetchDocument(new URL(path, origin), loopbackTerms)).octets;
}

describe('responses of the built-in HTTP client (D-21)', () => {
  it('the octets of a 200 response are returned unchanged', async () => {
    const server = await serving(answer(200, { 'content-type': 'text/plain' }, '{"a":"\u00e9"}'));
    expect(Buffer.from(await fetchFrom(server)).toString()).toBe('{"a":"\u00e9"}');
  });

  it('a document request is a GET without compression and without credentials', async () => {
    const server = await serving(answer(200));
    await fetchFrom(server, '/doc?tenant=1');
    const [head = ''] = server.heads;
    expect(head).toMatch(/^GET \/doc\?tenant=1 HTTP\/1\.1\r\n/);
    expect(head.toLowerCase()).toContain('accept-encoding: identity\r\n');
    expect(head.toLowerCase()).not.toMatch(/^(authorization|cookie|referer):/m);
  });

  it.each([201, 204, 206, 300, 304, 400, 401, 404, 429, 500, 502, 503])(
    'a response of status %i is a failure, and its body is discarded (D-21)',
    async (status) => {
      const failure = await failureOf(fetchFrom(await serving(answer(status, {}, status === 204 ? '' : secret))));
      expect(failure.message).toContain(`answered ${status}`);
      expect(JSON.stringify([failure.message, failure.stack])).not.toContain(secret);
    },
  );

  it.each([301, 302, 303, 307, 308])(
    'a redirect %i is not followed: its target gets no connection (D-21) [RS-OIDC-10.1.1-e]',
    async (status) => {
      const target = await serving(answer(200, {}, '{}'));
      const server = await serving(answer(status, { location: `${target.origin}/doc` }));
      expect((await failureOf(fetchFrom(server))).message).toContain(`answered ${status}`);
      expect(target.connections).toBe(0);
      await fetchFrom(target);
      expect(target.connections).toBe(1);
    },
  );

  it.each(['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip', 'x-unknown'])(
    'a response with the content encoding %s is refused (D-21)',
    async (encoding) => {
      const server = await serving(answer(200, { 'content-encoding': encoding }, '{}'));
      expect((await failureOf(fetchFrom(server))).message).toContain('content encoding');
    },
  );

  it('a response with the content encoding identity is accepted (D-21)', async () => {
    const server = await serving(answer(200, { 'content-encoding': 'Identity' }, '{}'));
    expect(await fetchFrom(server)).toHaveLength(2);
  });
});

describe('size limit of a response (D-21) [RS-OIDC-10.1.1-e]', () => {
  it('a response of exactly 256 KiB is accepted, with a length and chunked', async () => {
    const body = 'x'.repeat(limit);
    expect(await fetchFrom(await serving(answer(200, {}, body)))).toHaveLength(limit);
    const coded = answer(200, { 'transfer-encoding': 'chunked' }, chunked(body.slice(1), 'x'));
    expect(await fetchFrom(await serving(coded))).toHaveLength(limit);
  });

  it('a Content-Length above 256 KiB is refused before the body arrives', async () => {
    const server = await serving(answer(200, { 'content-length': String(limit + 1) }));
    expect((await failureOf(fetchFrom(server))).message).toContain(`larger than ${limit}`);
    await server.allGone();
  });

  it('a chunked body above 256 KiB is refused while it arrives, and its connection is closed', async () => {
    const server = await serving(
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunked('x'.repeat(limit), 'x').slice(0, -5)}`,
    );
    expect((await failureOf(fetchFrom(server))).message).toContain(`larger than ${limit}`);
    await server.allGone();
  });

  it('a body above 256 KiB without framing is refused while it arrives', async () => {
    const server = await serving(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${'x'.repeat(limit + 1)}`);
    expect((await failureOf(fetchFrom(server))).message).toContain(`larger than ${limit}`);
    await server.allGone();
  });
});

describe('lifetime of a fetched document (D-16)', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['no headers', {}, undefined],
    ['90 s', { 'cache-control': 'public, max-age=90' }, 90],
    ['90 s with an Age of 30 s', { 'Cache-Control': 'max-age=90', Age: '30' }, 60],
    ['no-store', { 'cache-control': 'no-store' }, 0],
  ])('the lifetime of a document is taken from its headers: %s (D-16)', async (_, headers, seconds) => {
    const server = await serving(answer(200, headers, '{}'));
    const fetched = await openFetcher(new NodeTransport()).fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    expect(fetched.freshSeconds).toBe(seconds);
  });

  it('the shorter one of two Cache-Control lines applies (D-16)', async () => {
    const server = await serving(
      'HTTP/1.1 200 OK\r\ncache-control: max-age=900\r\ncache-control: max-age=90\r\ncontent-length: 2\r\n\r\n{}',
    );
    const fetched = await openFetcher(new NodeTransport()).fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    expect(fetched.freshSeconds).toBe(90);
  });
});

describe('Retry-After of a response (D-08)', () => {
  it.each([
    [429, '7', 7],
    [503, '120', 120],
    [503, '3600', 3600],
    [500, '7', undefined],
    [302, '7', undefined],
    [503, 'Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [503, '-1', undefined],
    [503, '1.5', undefined],
    [503, '9999999999', undefined],
  ])('a %i response with Retry-After "%s" fails with retryAfterSeconds %s (D-08)', async (status, value, seconds) => {
    const failure = await failureOf(fetchFrom(await serving(answer(status, { 'retry-after': value }))));
    expect(failure).toBeInstanceOf(NetworkError);
    expect(failure.retryAfterSeconds).toBe(seconds);
  });
});
