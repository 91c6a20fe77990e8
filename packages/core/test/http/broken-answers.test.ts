import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { NodeTransport } from '../../src/http/node-transport.js';
import { openDoor, serving } from '../support-network/for-one-test.js';
import { failureOf, loopbackTerms } from '../support-network/network-failure.js';
import { answer, type ScriptedServer, scriptedServer } from '../support-network/scripted-server.js';

const secret = 's3cret-body';
const whole = answer(200, {}, `{"a":"${secret}"}`);

/** Fails at once, by the server's doing, so that no timeout is near. */
async function fetchFrom({ origin }: ScriptedServer, timeoutMilliseconds?: number): Promise<Uint8Array> {
  const fetcher = openDoor(new NodeTransport(), timeoutMilliseconds);
  return (await fetcher.fetchDocument(new URL('/doc', origin), loopbackTerms)).octets;
}

describe('an answer that is not whole', () => {
  it('the control: the same answer, whole', async () => {
    expect(await fetchFrom(await serving(whole))).not.toHaveLength(0);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['no answer', (socket) => socket.end()],
    ['a reset before the answer', (socket) => socket.resetAndDestroy()],
    ['half of the length that was promised', (socket) => socket.end(whole.slice(0, -5))],
    ['a reset in the middle of the body', (socket) => socket.write(whole.slice(0, -5), () => socket.resetAndDestroy())],
    ['no last chunk', (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n')],
    ['no HTTP', (socket) => socket.end(`${secret}\r\n\r\n`)],
    ['two lengths', (socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}`)],
    ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-')],
  ])('%s is a NetworkError that quotes nothing of it', async (_, script) => {
    const failure = await failureOf(fetchFrom(await serving(script)));
    expect(failure.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/doc: [A-Z_]+$/);
    expect(failure.message).not.toContain(secret);
  });

  it('an answer that leaves HTTP is a NetworkError, not a wait without end', { timeout: 2000 }, async () => {
    const server = await serving((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'),
    );
    await failureOf(fetchFrom(server, 100));
  });

  it('nobody listening is a NetworkError', async () => {
    const server = await scriptedServer(() => {});
    await server.close();
    expect((await failureOf(fetchFrom(server))).message).toContain('ECONNREFUSED');
  });
});

describe('[RS-OIDC-10.1.1-e] D-19: an answer that does not come', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['not at all', () => {}],
    ['beyond its head', (socket) => socket.write(whole.slice(0, -20))],
    ['beyond an interim answer', (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n')],
  ])('%s is a NetworkError when the time is up, and its connection ends', async (_, script) => {
    const server = await serving(script);
    await failureOf(fetchFrom(server, 50));
    await server.allGone();
  });

  it('in drops that never end is late, too: the time is for the whole document', async () => {
    const server = await serving((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const drip = setInterval(() => socket.write('1\r\nx\r\n'), 5);
      socket.once('close', () => clearInterval(drip));
    });
    await failureOf(fetchFrom(server, 100));
    await server.allGone();
  });
});

describe('close', () => {
  it('ends what is under way', async () => {
    const server = await serving(whole.slice(0, -5));
    const fetcher = openDoor(new NodeTransport());
    const fetching = fetcher.fetchDocument(new URL('/doc', server.origin), loopbackTerms).then(
      () => 'fetched',
      () => 'ended',
    );
    while (server.heads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    fetcher.close();
    expect(await fetching).toBe('ended');
    await server.allGone();
  });

  it('refuses what comes later: nothing is asked', async () => {
    const server = await serving(whole);
    const fetcher = openDoor(new NodeTransport());
    await fetcher.fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    fetcher.close();
    await failureOf(fetcher.fetchDocument(new URL('/doc', server.origin), loopbackTerms));
    expect(server.heads).toHaveLength(1);
  });

  it('refuses what comes later: nobody is even connected to', async () => {
    const server = await serving(whole);
    const [closed, open] = [openDoor(new NodeTransport()), openDoor(new NodeTransport())];
    closed.close();
    await failureOf(closed.fetchDocument(new URL('/doc', server.origin), loopbackTerms));
    // Connections arrive in order: when this one has been served, an earlier one would be there.
    await open.fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    expect(server.connections).toBe(1);
  });

  it('can be said twice', () => {
    const fetcher = openDoor(new NodeTransport());
    fetcher.close();
    expect(() => fetcher.close()).not.toThrow();
  });

  it('is not needed for a connection to end: none outlives its document', async () => {
    const server = await serving(whole);
    await fetchFrom(server);
    await server.allGone();
    await fetchFrom(server);
    expect(server.connections).toBe(2);
    await server.allGone();
  });

  it('leaves the answer that has come', async () => {
    const server = await serving(whole);
    const fetcher = openDoor(new NodeTransport());
    const { octets } = await fetcher.fetchDocument(new URL('/doc', server.origin), loopbackTerms);
    fetcher.close();
    expect(Buffer.from(octets).toString()).toContain(secret);
  });
});
