import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromIncomingMessage } from '../../src/node/from-incoming-message.js';
import { sendDenial } from '../../src/node/send-decision.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { offlineServerOf } from '../support-network/ask.js';

let issuer: MockIssuer;
let resourceServer: ResourceServer;
let server: Server;
let port: number;

const listener: RequestListener = async (request, response) => {
  const decision = await resourceServer.check(fromIncomingMessage(request));
  if (decision.granted) response.end('granted');
  else sendDenial(response, decision);
};

beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
  resourceServer = offlineServerOf(issuer);
  server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.close();
  await issuer.close();
});

/** Sends these lines over a socket and reads until the server closes it. */
async function exchange(requestLine: string, ...lines: readonly string[]): Promise<{ head: string; body: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  socket.write([requestLine, 'Host: api', 'Connection: close', ...lines, '', ''].join('\r\n'));
  let received = '';
  for await (const text of socket) received += text;
  const end = received.indexOf('\r\n\r\n');
  return { head: received.slice(0, end), body: received.slice(end + 4) };
}

describe('requests over HTTP/1.1', () => {
  it('one Authorization line over HTTP/1.1 is read', async () => {
    const { head, body } = await exchange('GET / HTTP/1.1', `Authorization: Bearer ${await issuer.token()}`);
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(body).toContain('granted');
  });

  it('two Authorization lines are refused, even if one is valid (D-04) [RS-9110-5.3-a]', async () => {
    const good = `Authorization: Bearer ${await issuer.token()}`;
    const bad = `Authorization: Bearer ${await issuer.bad.expired()}`;
    for (const lines of [
      [good, good],
      [good, bad],
      [bad, good],
      [good, good.replace('Authorization', 'AUTHORIZATION')],
      [good, 'Authorization:'],
    ]) {
      const { head } = await exchange('GET / HTTP/1.1', ...lines);
      expect(head).toMatch(/^HTTP\/1\.1 400 /);
      expect(head).toContain('WWW-Authenticate: Bearer realm="api", error="invalid_request"');
    }
  });

  it('a token in a trailer is ignored [RS-9110-6.5-a]', async () => {
    const token = await issuer.token();
    const chunks = ['Transfer-Encoding: chunked', 'Trailer: Authorization', '', '0', `Authorization: Bearer ${token}`];
    expect((await exchange('POST / HTTP/1.1', ...chunks)).head).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('HEAD has the headers of GET and no body [RS-9110-9.3.2-a] [RS-9457-4-a]', async () => {
    const get = await exchange('GET / HTTP/1.1');
    const head = await exchange('HEAD / HTTP/1.1');
    const fields = (text: string) =>
      text.split('\r\n').filter((line) => !/^(Date|Content-Length|Transfer-Encoding):/i.test(line));
    expect(fields(head.head)).toEqual(fields(get.head));
    expect(head.head).toContain('WWW-Authenticate: Bearer realm="api"');
    expect(head.body).toBe('');
    expect(JSON.parse(/\{.*\}/.exec(get.body)?.[0] ?? '')).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
    });
  });
});

describe('requests over HTTP/2', () => {
  it('a request over HTTP/2 is read and answered as over HTTP/1.1', async () => {
    const http2 = createHttp2Server((request, response) => {
      const mapped = fromIncomingMessage(request);
      expect(request.rawHeaders).toContain(':path');
      expect(mapped.rawHeaders.filter((text) => text.startsWith(':'))).toEqual([]);
      expect(mapped).toMatchObject({ method: 'GET', url: '/r?x=1', identity: request });
      void resourceServer.check(mapped).then((decision) => {
        if (decision.granted) response.end('granted');
        else sendDenial(response, decision);
      });
    });
    http2.listen(0, '127.0.0.1');
    await once(http2, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(http2.address() as AddressInfo).port}`);
    const send = async (headers: Readonly<Record<string, string>>) => {
      const stream = session.request({ ':path': '/r?x=1', ...headers });
      const [answered] = await once(stream, 'response');
      stream.resume();
      await once(stream, 'close');
      return [answered[':status'], answered['www-authenticate']];
    };
    expect(await send({ authorization: `Bearer ${await issuer.token()}` })).toEqual([200, undefined]);
    expect(await send({})).toEqual([401, 'Bearer realm="api"']);
    session.close();
    http2.close();
  });
});
