import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { WireRequest, WireResponse } from './harness.js';

/** Sends a request unchanged and reads the response until the server closes the connection. */
export async function sendOverSocket(port: number, request: WireRequest): Promise<WireResponse> {
  const socket = open(port, request);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return parseResponse(Buffer.concat(chunks).toString('latin1'));
}

/** Sends a request and returns the socket, for a client that disconnects early. */
export function open(port: number, request: WireRequest): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write(serialize(request, port), 'latin1');
  return socket;
}

function serialize({ method = 'GET', target = '/any', headers = [], body = '' }: WireRequest, port: number): string {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function parseResponse(text: string): WireResponse {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) };
}
