import { describe, expect, it } from 'vitest';
import { NodeTransport } from '../../src/http/node-transport.js';
import { NetworkError } from '../../src/model/ports.js';
import { openDoor, serving } from '../support-network/for-one-test.js';
import { failureOf, loopbackTerms } from '../support-network/network-failure.js';
import { answer, chunked, type ScriptedServer } from '../support-network/scripted-server.js';

const limit = 256 * 1024;
const secret = 's3cret-body';

async function fetchFrom({ origin }: ScriptedServer, path = '/doc'): Promise<Uint8Array> {
  return (await openDoor(new NodeTransport()).fetchDocument(new URL(path, origin), loopbackTerms)).octets;
}

describe('D-21: what the door lets in', () => {
  it('the octets of a 200 answer, as they are', async () => {
    const server = await serving(answer(200, { 'content-type': 'text/plain' }, '{"a":"\u00e9"}'));
    expect(Buffer.from(await fetchFrom(server)).toString()).toBe('{"a":"\u00e9"}');
  });

  it('asks by GET, for nothing compressed, with no credentials of ours', async () => {
    const server = await serving(answer(200));
    await fetchFrom(server, '/doc?tenant=1');
    const [head = ''] = server.heads;
    expect(head).toMatch(/^GET \/doc\?tenant=1 HTTP\/1\.1\r\n/);
    expect(head.toLowerCase()).toContain('accept-encoding: identity\r\n');
    expect(head.toLowerCase()).not.toMatch(/^(authorization|cookie|referer):/m);
  });

  it.each([201, 204, 206, 300, 304, 400, 401, 404, 429, 500, 502, 503])(
    'D-21: %i is a failure, and its body goes nowhere',
    async (status) => {
      const failure = await failureOf(fetchFrom(await serving(answer(status, {}, status === 204 ? '' : secret))));
      expect(failure.message).toContain(`answered ${status}`);
      expect(JSON.stringify([failure.message, failure.stack])).not.toContain(secret);
    },
  );

  it.each([301, 302, 303, 307, 308])(
    '[RS-OIDC-10.1.1-e] D-21: a redirect by %i is not followed: no connection there',
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
    'D-21: the content encoding %s is refused',
    async (encoding) => {
      const server = await serving(answer(200, { 'content-encoding': encoding }, '{}'));
      expect((await failureOf(fetchFrom(server))).message).toContain('content encoding');
    },
  );

  it('D-21: the content encoding identity is none', async () => {
    const server = await serving(answer(200, { 'content-encoding': 'Identity' }, '{}'));
    expect(await fetchFrom(server)).toHaveLength(2);
  });
});

describe('[RS-OIDC-10.1.1-e] D-21: at most 256 KiB', () => {
  it('exactly as many are let in, with a length and in chunks', async () => {
    const body = 'x'.repeat(limit);
    expect(await fetchFrom(await serving(answer(200, {}, body)))).toHaveLength(limit);
    const coded = answer(200, { 'transfer-encoding': 'chunked' }, chunked(body.slice(1), 'x'));
    expect(await fetchFrom(await serving(coded))).toHaveLength(limit);
  });

  it('a longer length is refused before anything of the body has come', async () => {
    const server = await serving(answer(200, { 'content-length': String(limit + 1) }));
    expect((await failureOf(fetchFrom(server))).message).toContain(`larger than ${limit}`);
    await server.allGone();
  });

  it('more in chunks is refused while it comes, and the connection ends', async () => {
    const server = await serving(
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunked('x'.repeat(limit), 'x').slice(0, -5)}`,
    );
    expect((await failureOf(fetchFrom(server))).message).toContain(`larger than ${limit}`);
    await server.allGone();
  });

  it('more without any framing is refused while it comes', async () => {
    const server = await serving(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${'x'.repeat(limit + 1)}`);
    expect((await failureOf(fetchFrom(server))).message).toContain(`larger than ${limit}`);
    await server.allGone();
  });
});

describe('D-16: how long a document is fresh', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['nothing about it', {}, undefined],
    ['90 s', { 'cache-control': 'public, max-age=90' }, 90],
    ['90 s, 30 of them spent', { 'Cache-Control': 'max-age=90', Age: '30' }, 60],
    ['that it may not be kept', { 'cache-control': 'no-store' }, 0],
  ])('D-16: an answer that says %s', async (_, headers, seconds) => {
    const server = await serving(answer(200, headers, '{}'));
    const fetched = await openDoor(new NodeTransport()).fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    expect(fetched.freshSeconds).toBe(seconds);
  });

  it('D-16: said in two lines, the shorter time counts', async () => {
    const server = await serving(
      'HTTP/1.1 200 OK\r\ncache-control: max-age=900\r\ncache-control: max-age=90\r\ncontent-length: 2\r\n\r\n{}',
    );
    const fetched = await openDoor(new NodeTransport()).fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    expect(fetched.freshSeconds).toBe(90);
  });
});

describe('D-08: Retry-After', () => {
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
  ])('D-08: of a %i answer that says %s is read as %s', async (status, value, seconds) => {
    const failure = await failureOf(fetchFrom(await serving(answer(status, { 'retry-after': value }))));
    expect(failure).toBeInstanceOf(NetworkError);
    expect(failure.retryAfterSeconds).toBe(seconds);
  });
});
