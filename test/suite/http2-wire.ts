import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import type { WireRequest, WireResponse } from './harness.js';

/** Sends a request over HTTP/2, without TLS, on its own connection. */
export async function sendOverHttp2(port: number, request: WireRequest): Promise<WireResponse> {
  const { method = 'GET', target = '/any', headers = [], body = '' } = request;
  const session = connect(`http://127.0.0.1:${port}`);
  const hasBody = body !== '';
  const stream = session.request(
    { ':method': method, ':path': target, ...Object.fromEntries(headers) },
    { endStream: !hasBody },
  );
  if (hasBody) stream.end(body);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(stream, 'close');
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  await closed;
  session.destroy();
  return { status: Number(answer[':status']), headers: linesOf(answer), body: Buffer.concat(chunks).toString() };
}

function linesOf(headers: IncomingHttpHeaders): WireResponse['headers'] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((line): [string, string] => [name, String(line)]),
  );
}
