import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { answer, chunked } from '../../packages/core/test/support-network/scripted-server.js';

/** A fault of a key server: its name, its replies and its effect. */
export interface Fault {
  readonly name: string;
  /**
   * @param set the JWK set of a healthy server
   * @param decoy the origin of a server that must never receive a connection
   */
  reply(socket: Socket, set: string, decoy: string): void;
  /** The effect on tokens: an outage, none, or a valid answer that withdraws every key. */
  readonly effect: 'outage' | 'none' | 'withdrawal';
  /** True when only our own timeout ends the request. */
  readonly isEndless?: true;
}

/** Longer than the timeout of every test. */
const late = 2000;
const megabyte = 1024 * 1024;
const bomb = gzipSync(Buffer.alloc(50 * megabyte, ' '));

function outage(name: string, reply: Fault['reply']): Fault {
  return { name, reply, effect: 'outage' };
}

function endless(name: string, reply: Fault['reply']): Fault {
  return { name, reply, effect: 'outage', isEndless: true };
}

function status(code: number, headers: Readonly<Record<string, string>> = {}, body = '{}'): Fault['reply'] {
  return (socket) => socket.end(answer(code, headers, body));
}

function redirect(code: number, to: (decoy: string) => string): Fault['reply'] {
  return (socket, _, decoy) => socket.end(answer(code, { location: to(decoy) }));
}

/**
 * Every fault of a reachable key server, by the rows of SECURITY.md. Redirects from https to http
 * are in https-redirect.test.ts.
 */
export const faults: readonly Fault[] = [
  outage('connection reset', (socket) => socket.resetAndDestroy()),
  outage('404', status(404)),
  outage('429, Retry-After 45', status(429, { 'retry-after': '45' })),
  outage('500', status(500)),
  outage('503, Retry-After an hour', status(503, { 'retry-after': '3600' })),
  outage('502 HTML page', status(502, { 'content-type': 'text/html' }, '<!doctype html><h1>Bad gateway</h1>')),
  outage('200 HTML page', status(200, { 'content-type': 'text/html' }, '<!doctype html><h1>Back soon</h1>')),
  endless('hang', () => {}),
  endless('slow header', (socket, set) => after(socket, () => socket.end(answer(200, {}, set)))),
  endless('drips of a header', (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nx-drip: ');
    drip(socket, 'x');
  }),
  endless('slow body', (socket, set) => {
    socket.write(answer(200, {}, set).slice(0, -set.length));
    drip(socket, set);
  }),
  outage('truncated JSON', (socket, set) => socket.end(answer(200, {}, set.slice(0, -5)))),
  outage('half of the promised length', (socket, set) => socket.end(answer(200, {}, set).slice(0, -5))),
  outage('no last chunk', (socket, set) =>
    socket.end(answer(200, { 'transfer-encoding': 'chunked' }, chunked(set).slice(0, -'0\r\n\r\n'.length))),
  ),
  outage('more than the promised length', (socket, set) => {
    socket.end(answer(200, { 'content-length': String(set.length - 1) }, set));
  }),
  outage('reset in the middle of the body', (socket, set) => {
    socket.write(answer(200, {}, set).slice(0, -5), () => socket.resetAndDestroy());
  }),
  outage('101 Switching Protocols', (socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n');
  }),
  outage('wrong type: keys is an object', status(200, {}, '{"keys":{}}')),
  outage('wrong type: a list', status(200, {}, '[]')),
  outage('50 MB', (socket, set) => pour(socket, set, 50 * megabyte)),
  outage('gzip bomb', (socket) => {
    socket.write(answer(200, { 'content-encoding': 'gzip', 'content-length': String(bomb.length) }));
    socket.end(bomb);
  }),
  outage('10 000 keys', (socket, set) => {
    const { keys } = JSON.parse(set) as { keys: unknown[] };
    socket.end(answer(200, {}, JSON.stringify({ keys: [...keys, ...Array.from({ length: 10_000 }, () => ({}))] })));
  }),
  outage(
    'redirect to another host',
    redirect(302, (decoy) => `${decoy}/jwks`),
  ),
  outage(
    'permanent redirect to another host',
    redirect(308, (decoy) => `${decoy}/jwks`),
  ),
  outage(
    'redirect to a link-local address',
    redirect(302, () => 'http://169.254.169.254/latest/meta-data'),
  ),
  {
    name: 'one bad key among good ones',
    effect: 'none',
    reply(socket, set) {
      const { keys } = JSON.parse(set) as { keys: unknown[] };
      const bad = [null, 7, { kty: 'EC', crv: 'P-256', kid: 'bad', x: 'AAAA', y: 'AAAA' }, { kty: 'oct', k: 'AAAA' }];
      socket.end(answer(200, {}, JSON.stringify({ keys: [...bad, ...keys] })));
    },
  },
  {
    name: 'octets behind the promised length',
    effect: 'none',
    reply: (socket, set) => socket.end(`${answer(200, {}, set)}HTTP/1.1 200 OK\r\n\r\n{"keys":[]}`),
  },
  { name: 'a valid empty set', effect: 'withdrawal', reply: status(200, {}, '{"keys":[]}') },
];

function after(socket: Socket, work: () => void): void {
  const timer = setTimeout(work, late);
  socket.once('close', () => clearTimeout(timer));
}

function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 20);
  socket.once('close', () => clearInterval(timer));
}

/** Writes as fast as the peer reads, and stops when the peer closes the connection. */
function pour(socket: Socket, set: string, bytes: number): void {
  const block = Buffer.alloc(64 * 1024, ' ');
  let left = bytes;
  const go = () => {
    while (left > 0 && !socket.destroyed) {
      left -= block.length;
      if (!socket.write(block)) return socket.once('drain', go);
    }
    return socket.end();
  };
  socket.write(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${set}`);
  go();
}
