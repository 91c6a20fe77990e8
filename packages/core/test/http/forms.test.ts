import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FetchTransport } from '../../src/http/fetch-transport.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import type { DocumentRequest } from '../../src/model/ports.js';
import { openFetcher, serving } from '../support-network/for-one-test.js';
import { failureOf, loopbackTerms } from '../support-network/network-failure.js';
import { response, scriptedFetch } from '../support-network/scripted-fetch.js';
import { answer } from '../support-network/scripted-server.js';

const form = 'token=s3cret%2B&client_id=%C3%BC';
const formRequest: DocumentRequest = { accept: 'application/json', form, authorization: 'Basic czNjcmV0' };

function post(fetcher: ReturnType<typeof openFetcher>, origin: string, terms: FetchTerms = loopbackTerms) {
  return fetcher.fetchDocument(new URL('/introspect', origin), terms, formRequest);
}

/** Closes a connection without a response after it has carried this many responses. */
function closingAfter(answers: number): (socket: Socket) => void {
  const served = new Map<Socket, number>();
  return (socket) => {
    const before = served.get(socket) ?? 0;
    served.set(socket, before + 1);
    if (before >= answers) socket.destroy();
    else socket.write(answer(200, {}, '{}'));
  };
}

describe('form requests', () => {
  it('a form is sent by POST with its content type, its length and the client credentials', async () => {
    const server = await serving(answer(200, { 'content-type': 'application/json' }, '{"active":false}'));
    const document = await post(openFetcher(new NodeTransport()), server.origin);
    expect(Buffer.from(document.octets).toString()).toBe('{"active":false}');
    expect(document.contentType).toBe('application/json');
    const [head = ''] = server.heads;
    const lines = head.split('\r\n');
    expect(lines[0]).toBe('POST /introspect HTTP/1.1');
    const fields = lines.map((line) => line.toLowerCase());
    expect(fields).toContain('content-type: application/x-www-form-urlencoded');
    expect(fields).toContain(`content-length: ${form.length}`);
    expect(fields).toContain('accept-encoding: identity');
    expect(fields).toContain('accept: application/json');
    expect(lines.map((line) => line.replace(/^authorization/i, 'authorization'))).toContain(
      'authorization: Basic czNjcmV0',
    );
    expect(fields.filter((field) => field.startsWith('transfer-encoding'))).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('a redirect %i of a form request is not followed (D-21)', async (status) => {
    const target = await serving(answer(200, {}, '{}'));
    const server = await serving(answer(status, { location: target.origin }));
    const failure = await failureOf(post(openFetcher(new NodeTransport()), server.origin));
    expect([failure.code, failure.status, target.connections]).toEqual(['bad_status', status, 0]);
  });

  it('a compressed response to a form request is refused (D-21)', async () => {
    const server = await serving(answer(200, { 'content-encoding': 'gzip' }, '{}'));
    expect((await failureOf(post(openFetcher(new NodeTransport()), server.origin))).code).toBe('bad_document');
  });

  it.each([
    [429, 7],
    [503, 7],
    [401, undefined],
    [500, undefined],
  ])('a %i response to a form request carries its status and Retry-After (D-22)', async (status, seconds) => {
    const server = await serving(answer(status, { 'retry-after': '7' }));
    const failure = await failureOf(post(openFetcher(new NodeTransport()), server.origin));
    expect([failure.status, failure.retryAfterSeconds]).toEqual([status, seconds]);
  });

  it('a failure of a form request quotes neither the form nor the credentials (D-21)', async () => {
    const server = await serving(answer(500, {}, form));
    const failure = await failureOf(post(openFetcher(new NodeTransport()), server.origin));
    expect([failure.message, failure.stack, JSON.stringify(failure.cause)].join()).not.toMatch(/s3cret|czNjcmV0/);
  });
});

describe('connections of form requests', () => {
  it('form requests reuse one connection', async () => {
    const server = await serving(answer(200, {}, '{}'));
    const fetcher = openFetcher(new NodeTransport());
    for (let at = 0; at < 3; at++) await post(fetcher, server.origin);
    expect([server.heads.length, server.connections]).toEqual([3, 1]);
  });

  it('document requests never share the connection of form requests', async () => {
    const server = await serving(answer(200, {}, '{}'));
    const fetcher = openFetcher(new NodeTransport());
    await post(fetcher, server.origin);
    for (let at = 0; at < 2; at++) await fetcher.fetchDocument(new URL(server.origin), loopbackTerms);
    expect([server.heads.length, server.connections]).toEqual([3, 3]);
  });

  it('form requests with different fetch terms use separate connections (D-21)', async () => {
    const server = await serving(answer(200, {}, '{}'));
    const fetcher = openFetcher(new NodeTransport());
    const origin = server.origin.replace('127.0.0.1', 'localhost');
    await post(fetcher, origin, { ...loopbackTerms, plainHttp: 'anywhere' });
    await post(fetcher, origin, loopbackTerms);
    expect(server.connections).toBe(2);
    await post(fetcher, origin, loopbackTerms);
    expect(server.connections).toBe(2);
    const failure = await failureOf(post(fetcher, origin, { ...loopbackTerms, addresses: 'public' }));
    expect([failure.code, server.heads.length]).toEqual(['not_permitted', 3]);
  });

  // The test timeout is shorter than the idle timeout that would close the connection anyway.
  it('a connection with unsolicited data is closed, since the data could be taken for a later response', {
    timeout: 2000,
  }, async () => {
    let sendUnsolicited = () => {};
    const server = await serving((socket) => {
      sendUnsolicited = () => socket.write(answer(200, {}, '{"active":true}'));
      socket.write(answer(200, {}, '{"active":false}'));
    });
    const fetcher = openFetcher(new NodeTransport());
    await post(fetcher, server.origin);
    sendUnsolicited();
    await server.allGone();
    await post(fetcher, server.origin);
    await post(fetcher, server.origin);
    expect([server.heads.length, server.connections]).toEqual([3, 2]);
  });

  it('a form request on a connection that the server has closed is sent again on a new connection', async () => {
    const server = await serving(closingAfter(1));
    const fetcher = openFetcher(new NodeTransport());
    for (let at = 0; at < 3; at++) await post(fetcher, server.origin);
    expect(server.connections).toBe(3);
  });

  it('the second attempt of a form request always uses a new connection, not another idle one', async () => {
    const server = await serving(closingAfter(1));
    const fetcher = openFetcher(new NodeTransport());
    await Promise.all([post(fetcher, server.origin), post(fetcher, server.origin)]);
    await post(fetcher, server.origin);
    expect([server.heads.length, server.connections]).toEqual([4, 3]);
  });

  it('a form request that fails on a new connection is a failure and is not sent again', async () => {
    const server = await serving(closingAfter(0));
    const failure = await failureOf(post(openFetcher(new NodeTransport()), server.origin));
    expect([failure.code, server.heads.length]).toEqual(['unreachable', 1]);
  });

  it('a form request is sent at most twice', async () => {
    let isDown = false;
    const server = await serving((socket) => (isDown ? socket.destroy() : socket.write(answer(200, {}, '{}'))));
    const fetcher = openFetcher(new NodeTransport());
    await post(fetcher, server.origin);
    isDown = true;
    expect((await failureOf(post(fetcher, server.origin))).code).toBe('unreachable');
    expect([server.heads.length, server.connections]).toEqual([3, 2]);
  });

  it('a form request whose response breaks off is a failure and is not sent again', async () => {
    let isBroken = false;
    const server = await serving((socket) => {
      if (isBroken) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a');
      else socket.write(answer(200, {}, '{}'));
    });
    const fetcher = openFetcher(new NodeTransport());
    await post(fetcher, server.origin);
    isBroken = true;
    expect((await failureOf(post(fetcher, server.origin))).code).toBe('unreachable');
    expect(server.heads).toHaveLength(2);
  });

  it('close() ends the connections of form requests', async () => {
    const server = await serving(answer(200, {}, '{}'));
    const fetcher = openFetcher(new NodeTransport());
    await post(fetcher, server.origin);
    fetcher.close();
    await server.allGone();
    expect((await failureOf(post(fetcher, server.origin))).code).toBe('closed');
  });
});

describe('form requests by a custom fetch', () => {
  const url = 'https://issuer.example/introspect';

  it('a custom fetch gets POST, content type and credentials, and sets Content-Length on its own', async () => {
    const { fetch, inits, requested } = scriptedFetch(() => response('{"active":false}'));
    const document = await openFetcher(new FetchTransport(fetch)).fetchDocument(
      new URL(url),
      { plainHttp: 'never', hosts: undefined, addresses: 'any' },
      formRequest,
    );
    expect(Buffer.from(document.octets).toString()).toBe('{"active":false}');
    expect(requested).toEqual([url]);
    expect(inits[0]).toMatchObject({
      method: 'POST',
      body: form,
      redirect: 'manual',
      credentials: 'omit',
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: 'Basic czNjcmV0',
      },
    });
    expect(inits[0]?.headers).not.toHaveProperty('content-length');
  });

  it('a custom fetch gets a GET without a body for a document request', async () => {
    const { fetch, inits } = scriptedFetch(() => response('{}'));
    const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
    await openFetcher(new FetchTransport(fetch)).fetchDocument(new URL(url), terms);
    expect(inits[0]).not.toHaveProperty('method');
    expect(inits[0]).not.toHaveProperty('body');
  });

  it.each([
    ['a redirect', () => response(null, { status: 307, headers: { location: 'https://other.example' } }), 'bad_status'],
    ['a followed redirect', () => response('{}', {}, { redirected: true }), 'not_permitted'],
    ['a compressed body', () => response('{}', { headers: { 'content-encoding': 'gzip' } }), 'bad_document'],
  ])('a response to a form request with %s is a failure (D-21)', async (_, script, code) => {
    const { fetch, requested } = scriptedFetch(script);
    const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
    const failure = await failureOf(
      openFetcher(new FetchTransport(fetch)).fetchDocument(new URL(url), terms, formRequest),
    );
    expect([failure.code, requested]).toEqual([code, [url]]);
  });
});
