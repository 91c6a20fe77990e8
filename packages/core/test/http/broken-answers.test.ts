import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { NodeTransport } from '../../src/http/node-transport.js';
import { openFetcher, serving } from '../support-network/for-one-test.js';
import { failureOf, loopbackTerms } from '../support-network/network-failure.js';
import { answer, type ScriptedServer, scriptedServer } from '../support-network/scripted-server.js';

const secret = 's3cret-body';
const whole = answer(200, {}, `{"a":"${secret}"}`);

/** Fetches a document. The server causes the failure at once, so no timeout is involved. */
async function fetchFrom({ origin }: ScriptedServer, timeoutMilliseconds?: number): Promise<Uint8Array> {
  const fetcher = openFetcher(new NodeTransport(), timeoutMilliseconds);
  return (await fetcher.fetchDocument(new URL('/doc', origin), loopbackTerms)).octets;
}

describe('truncated or malformed HTTP responses', () => {
  it('control: the same response is accepted when it is complete', async () => {
    expect(await fetchFrom(await serving(whole))).not.toHaveLength(0);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['no data', (socket) => socket.end()],
    ['a reset before the first byte', (socket) => socket.resetAndDestroy()],
    ['less data than its Content-Length', (socket) => socket.end(whole.slice(0, -5))],
    ['a reset in the middle of the body', (socket) => socket.write(whole.slice(0, -5), () => socket.resetAndDestroy())],
    ['no last chunk', (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n')],
    ['no HTTP syntax', (socket) => socket.end(`${secret}\r\n\r\n`)],
    [
      'two different Content-Length fields',
      (socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}`),
    ],
    ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-')],
  ])('a response with %s is a NetworkError that quotes nothing of the response', async (_, script) => {
    const failure = await failureOf(fetchFrom(await serving(script)));
    expect(failure.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/doc: [A-Z_]+$/);
    expect(failure.message).not.toContain(secret);
  });

  it('a response that switches protocols is a NetworkError, not a hanging request', { timeout: 2000 }, async () => {
    const server = await serving((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'),
    );
    await failureOf(fetchFrom(server, 100));
  });

  it('a refused connection is a NetworkError', async () => {
    const server = await scriptedServer(() => {});
    await server.close();
    expect((await failureOf(fetchFrom(server))).message).toContain('ECONNREFUSED');
  });
});

describe('response that does not arrive in time (D-19) [RS-OIDC-10.1.1-e]', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['before the head', () => {}],
    ['after the head', (socket) => socket.write(whole.slice(0, -20))],
    ['after an interim response', (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n')],
  ])(
    'a response that hangs is a NetworkError after the timeout, and its connection is closed: %s',
    async (_, script) => {
      const server = await serving(script);
      await failureOf(fetchFrom(server, 50));
      await server.allGone();
    },
  );

  it('a body that drips for ever times out, since the timeout covers the whole document', async () => {
    const server = await serving((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const drip = setInterval(() => socket.write('1\r\nx\r\n'), 5);
      socket.once('close', () => clearInterval(drip));
    });
    await failureOf(fetchFrom(server, 100));
    await server.allGone();
  });
});

describe('close() of a fetcher with open connections', () => {
  it('close() ends the request in flight and its connection', async () => {
    const server = await serving(whole.slice(0, -5));
    const fetcher = openFetcher(new NodeTransport());
    const fetching = fetcher.fetchDocument(new URL('/doc', server.origin), loopbackTerms).then(
      () => 'fetched',
      () => 'ended',
    );
    while (server.heads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    fetcher.close();
    expect(await fetching).toBe('ended');
    await server.allGone();
  });

  it('a fetch after close() is refused, and no request is sent', async () => {
    const server = await serving(whole);
    const fetcher = openFetcher(new NodeTransport());
    await fetcher.fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    fetcher.close();
    await failureOf(fetcher.fetchDocument(new URL('/doc', server.origin), loopbackTerms));
    expect(server.heads).toHaveLength(1);
  });

  it('a fetch after close() is refused, and no connection is opened', async () => {
    const server = await serving(whole);
    const [closed, open] = [openFetcher(new NodeTransport()), openFetcher(new NodeTransport())];
    closed.close();
    await failureOf(closed.fetchDocument(new URL('/doc', server.origin), loopbackTerms));
    // Connections arrive in order: an earlier one would be counted before this one is served.
    await open.fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    expect(server.connections).toBe(1);
  });

  it('close() may be called twice', () => {
    const fetcher = openFetcher(new NodeTransport());
    fetcher.close();
    expect(() => fetcher.close()).not.toThrow();
  });

  it('the connection of a document is closed after the document, without close()', async () => {
    const server = await serving(whole);
    await fetchFrom(server);
    await server.allGone();
    await fetchFrom(server);
    expect(server.connections).toBe(2);
    await server.allGone();
  });

  it('close() leaves a received document intact', async () => {
    const server = await serving(whole);
    const fetcher = openFetcher(new NodeTransport());
    const { octets } = await fetcher.fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    fetcher.close();
    expect(Buffer.from(octets).toString()).toContain(secret);
  });
});
