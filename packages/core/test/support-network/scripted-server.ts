import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A TCP server on loopback that sends exactly what a test defines. */
export interface ScriptedServer {
  readonly port: number;
  readonly origin: string;
  /** The number of connections since the start. */
  readonly connections: number;
  /** The request heads that were received, as text. */
  readonly heads: readonly string[];
  /** Resolves when every connection is closed. */
  allGone(): Promise<void>;
  close(): Promise<void>;
}

/** @param script called with each request head */
export async function scriptedServer(
  script: (socket: Socket, head: string) => void,
  host: '127.0.0.1' | '::1' = '127.0.0.1',
): Promise<ScriptedServer> {
  const open = new Set<Socket>();
  const heads: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      server.emit('gone');
    });
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (!received.includes('\r\n\r\n')) return;
      heads.push(received);
      script(socket, received);
      received = '';
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://${host === '::1' ? '[::1]' : host}:${port}`,
    heads,
    get connections() {
      return connections;
    },
    async allGone() {
      while (open.size > 0) await once(server, 'gone');
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * An HTTP/1.1 response as sent over the network. It gets `Content-Length` unless the headers frame
 * the body.
 */
export function answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const isFramed = Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
  const all = isFramed ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n${body}`;
}

/** A body in the chunked transfer coding. */
export function chunked(...chunks: readonly string[]): string {
  return [...chunks, ''].map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('');
}
