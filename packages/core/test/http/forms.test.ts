import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FetchTransport } from '../../src/http/fetch-transport.js';
import { NodeTransport } from '../../src/http/node-transport.js';
import type { FetchTerms } from '../../src/model/fetch-terms.js';
import type { DocumentRequest } from '../../src/model/ports.js';
import { openDoor, serving } from '../support-network/for-one-test.js';
import { failureOf, loopbackTerms } from '../support-network/network-failure.js';
import { response, scriptedFetch } from '../support-network/scripted-fetch.js';
import { answer } from '../support-network/scripted-server.js';

const form = 'token=s3cret%2B&client_id=%C3%BC';
const question: DocumentRequest = { accept: 'application/json', form, authorization: 'Basic czNjcmV0' };

function post(fetcher: ReturnType<typeof openDoor>, origin: string, terms: FetchTerms = loopbackTerms) {
  return fetcher.fetchDocument(new URL('/introspect', origin), terms, question);
}

/** Takes a connection off after so many answers to it, without a word. */
function closingAfter(answers: number): (socket: Socket) => void {
  const served = new Map<Socket, number>();
  return (socket) => {
    const before = served.get(socket) ?? 0;
    served.set(socket, before + 1);
    if (before >= answers) socket.destroy();
    else socket.write(answer(200, {}, '{}'));
  };
}

describe('a form', () => {
  it('is sent by POST, with its type, its length and our credentials', async () => {
    const server = await serving(answer(200, { 'content-type': 'application/json' }, '{"active":false}'));
    const document = await post(openDoor(new NodeTransport()), server.origin);
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

  it.each([301, 302, 303, 307, 308])('D-21: goes nowhere else: %i is not followed', async (status) => {
    const target = await serving(answer(200, {}, '{}'));
    const server = await serving(answer(status, { location: target.origin }));
    const failure = await failureOf(post(openDoor(new NodeTransport()), server.origin));
    expect([failure.code, failure.status, target.connections]).toEqual(['bad_status', status, 0]);
  });

  it('D-21: is answered with nothing compressed', async () => {
    const server = await serving(answer(200, { 'content-encoding': 'gzip' }, '{}'));
    expect((await failureOf(post(openDoor(new NodeTransport()), server.origin))).code).toBe('bad_document');
  });

  it.each([
    [429, 7],
    [503, 7],
    [401, undefined],
    [500, undefined],
  ])('D-22: a %i says with its status when to come again', async (status, seconds) => {
    const server = await serving(answer(status, { 'retry-after': '7' }));
    const failure = await failureOf(post(openDoor(new NodeTransport()), server.origin));
    expect([failure.status, failure.retryAfterSeconds]).toEqual([status, seconds]);
  });

  it('D-21: no failure quotes it', async () => {
    const server = await serving(answer(500, {}, form));
    const failure = await failureOf(post(openDoor(new NodeTransport()), server.origin));
    expect([failure.message, failure.stack, JSON.stringify(failure.cause)].join()).not.toMatch(/s3cret|czNjcmV0/);
  });
});

describe('the connections that carry forms', () => {
  it('are kept, one form after the other', async () => {
    const server = await serving(answer(200, {}, '{}'));
    const fetcher = openDoor(new NodeTransport());
    for (let at = 0; at < 3; at++) await post(fetcher, server.origin);
    expect([server.heads.length, server.connections]).toEqual([3, 1]);
  });

  it('are none of those that carry documents, each of which has its own', async () => {
    const server = await serving(answer(200, {}, '{}'));
    const fetcher = openDoor(new NodeTransport());
    await post(fetcher, server.origin);
    for (let at = 0; at < 2; at++) await fetcher.fetchDocument(new URL(server.origin), loopbackTerms);
    expect([server.heads.length, server.connections]).toEqual([3, 3]);
  });

  it('D-21: are apart by what their terms allow', async () => {
    const server = await serving(answer(200, {}, '{}'));
    const fetcher = openDoor(new NodeTransport());
    const origin = server.origin.replace('127.0.0.1', 'localhost');
    await post(fetcher, origin, { ...loopbackTerms, plainHttp: 'anywhere' });
    await post(fetcher, origin, loopbackTerms);
    expect(server.connections).toBe(2);
    await post(fetcher, origin, loopbackTerms);
    expect(server.connections).toBe(2);
    const failure = await failureOf(post(fetcher, origin, { ...loopbackTerms, addresses: 'public' }));
    expect([failure.code, server.heads.length]).toEqual(['not_permitted', 3]);
  });

  // Before they would be closed for being idle.
  it('on which the server speaks unasked are closed: its next words could be taken for another answer', {
    timeout: 2000,
  }, async () => {
    let unasked = () => {};
    const server = await serving((socket) => {
      unasked = () => socket.write(answer(200, {}, '{"active":true}'));
      socket.write(answer(200, {}, '{"active":false}'));
    });
    const fetcher = openDoor(new NodeTransport());
    await post(fetcher, server.origin);
    unasked();
    await server.allGone();
    await post(fetcher, server.origin);
    await post(fetcher, server.origin);
    expect([server.heads.length, server.connections]).toEqual([3, 2]);
  });

  it('that were closed by their server meanwhile cost one more, and no failure', async () => {
    const server = await serving(closingAfter(1));
    const fetcher = openDoor(new NodeTransport());
    for (let at = 0; at < 3; at++) await post(fetcher, server.origin);
    expect(server.connections).toBe(3);
  });

  it('that were all closed meanwhile cost one more, too: the second attempt takes none of them', async () => {
    const server = await serving(closingAfter(1));
    const fetcher = openDoor(new NodeTransport());
    await Promise.all([post(fetcher, server.origin), post(fetcher, server.origin)]);
    await post(fetcher, server.origin);
    expect([server.heads.length, server.connections]).toEqual([4, 3]);
  });

  it('that are new and are closed without an answer are a failure, and nothing is sent twice', async () => {
    const server = await serving(closingAfter(0));
    const failure = await failureOf(post(openDoor(new NodeTransport()), server.origin));
    expect([failure.code, server.heads.length]).toEqual(['unreachable', 1]);
  });

  it('are tried once more and not twice', async () => {
    let isDown = false;
    const server = await serving((socket) => (isDown ? socket.destroy() : socket.write(answer(200, {}, '{}'))));
    const fetcher = openDoor(new NodeTransport());
    await post(fetcher, server.origin);
    isDown = true;
    expect((await failureOf(post(fetcher, server.origin))).code).toBe('unreachable');
    expect([server.heads.length, server.connections]).toEqual([3, 2]);
  });

  it('that break within an answer are a failure, and nothing is sent twice', async () => {
    let isBroken = false;
    const server = await serving((socket) => {
      if (isBroken) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a');
      else socket.write(answer(200, {}, '{}'));
    });
    const fetcher = openDoor(new NodeTransport());
    await post(fetcher, server.origin);
    isBroken = true;
    expect((await failureOf(post(fetcher, server.origin))).code).toBe('unreachable');
    expect(server.heads).toHaveLength(2);
  });

  it('end with the door', async () => {
    const server = await serving(answer(200, {}, '{}'));
    const fetcher = openDoor(new NodeTransport());
    await post(fetcher, server.origin);
    fetcher.close();
    await server.allGone();
    expect((await failureOf(post(fetcher, server.origin))).code).toBe('closed');
  });
});

describe('a form by an own fetch', () => {
  const url = 'https://issuer.example/introspect';

  it('is sent by POST, with its type and our credentials; its length is for the fetch to say', async () => {
    const { fetch, inits, asked } = scriptedFetch(() => response('{"active":false}'));
    const document = await openDoor(new FetchTransport(fetch)).fetchDocument(
      new URL(url),
      { plainHttp: 'never', hosts: undefined, addresses: 'any' },
      question,
    );
    expect(Buffer.from(document.octets).toString()).toBe('{"active":false}');
    expect(asked).toEqual([url]);
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

  it('where there is none, it is a GET without a body', async () => {
    const { fetch, inits } = scriptedFetch(() => response('{}'));
    const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
    await openDoor(new FetchTransport(fetch)).fetchDocument(new URL(url), terms);
    expect(inits[0]).not.toHaveProperty('method');
    expect(inits[0]).not.toHaveProperty('body');
  });

  it.each([
    ['a redirect', () => response(null, { status: 307, headers: { location: 'https://other.example' } }), 'bad_status'],
    ['a redirect that it followed', () => response('{}', {}, { redirected: true }), 'not_permitted'],
    ['something compressed', () => response('{}', { headers: { 'content-encoding': 'gzip' } }), 'bad_document'],
  ])('D-21: %s is a failure', async (_, script, code) => {
    const { fetch, asked } = scriptedFetch(script);
    const terms = { plainHttp: 'never', hosts: undefined, addresses: 'any' } as const;
    const failure = await failureOf(openDoor(new FetchTransport(fetch)).fetchDocument(new URL(url), terms, question));
    expect([failure.code, asked]).toEqual([code, [url]]);
  });
});
