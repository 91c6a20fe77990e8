import { once } from 'node:events';
import { connect } from 'node:net';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from './harness.js';
import { harnesses } from './harnesses/index.js';
import { withAuthorization } from './suite-case.js';
import { audience } from './world.js';

/* Requests written octet by octet onto a socket. */

let issuer: MockIssuer;
let good: string;
let scopeless: string;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  good = await issuer.token({ subject: 'ada', scope: 'read' });
  scopeless = await issuer.token({ subject: 'ada' });
});
afterAll(() => issuer.close());

describe.each(harnesses.filter(({ usesSockets }) => usesSockets))('raw requests to $name', (harness) => {
  let application: Running & { readonly port: number };
  beforeAll(async () => {
    application = (await harness.start({ issuer: issuer.issuer, audience })) as typeof application;
  });
  afterAll(() => application.close());

  /**
   * Sends lines unchanged and returns the status, or 0 if the server closed the connection without
   * one.
   */
  async function statusOf(lines: readonly string[], body = ''): Promise<number> {
    const socket = connect(application.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.write(`${[...lines, 'Host: localhost', 'Connection: close'].join('\r\n')}\r\n\r\n${body}`, 'latin1');
    await once(socket, 'close');
    return Number(Buffer.concat(chunks).toString('latin1').split(' ')[1] ?? 0);
  }

  /** How many handlers ran during `act`. */
  async function handledBy(act: () => Promise<unknown>): Promise<number> {
    const before = application.handled();
    await act();
    return application.handled() - before;
  }

  it('a request written octet by octet with a valid token is accepted', async () => {
    expect(await statusOf(['GET /any HTTP/1.1', `Authorization: Bearer ${good}`])).toBe(200);
    expect(await statusOf(['GET /any HTTP/1.1', `authorization:Bearer ${good}`])).toBe(200);
    expect(await statusOf(['GET /any HTTP/1.1', `AUTHORIZATION: \t Bearer ${good} \t`])).toBe(200);
  });

  it('two Authorization lines are 400, in any order and any case of the name (D-04) [RS-9110-5.3-a]', async () => {
    const lines = [`Authorization: Bearer ${good}`, 'authorization: Bearer x', 'AUTHORIZATION: Basic x'];
    for (const first of lines) {
      for (const second of lines) {
        const handled = await handledBy(async () => {
          expect(await statusOf(['GET /any HTTP/1.1', first, 'Accept: */*', second])).toBe(400);
        });
        expect(handled).toBe(0);
      }
    }
  });

  it.each([
    ['a tab behind the scheme', (token: string) => `Bearer\t${token}`],
    ['a folded line', (token: string) => `Bearer\r\n\t${token}`],
    ['a no-break space', (token: string) => `Bearer\xa0${token}`],
    ['a latin-1 letter in the token', (token: string) => `Bearer ${token}\xe9`],
    ['a NUL in the token', (token: string) => `Bearer ${token}\0`],
    ['a bare carriage return in the token', (token: string) => `Bearer ${token}\rx`],
    ['a quoted token', (token: string) => `Bearer "${token}"`],
  ])(
    '%s makes the credentials malformed, and no handler runs [RS-9110-11.2-a] [RS-2.1-5.1.1-b]',
    async (_fault, write) => {
      const handled = await handledBy(async () => {
        expect(await statusOf(['GET /any HTTP/1.1', `Authorization: ${write(good)}`])).toBe(400);
      });
      expect(handled).toBe(0);
    },
  );

  it('an Authorization trailer counts as no credentials [RS-9110-6.5-a]', async () => {
    const body = `1\r\nx\r\n0\r\nAuthorization: Bearer ${good}\r\n\r\n`;
    const lines = [
      'POST /write HTTP/1.1',
      'Transfer-Encoding: chunked',
      'Trailer: Authorization',
      'Content-Type: text/plain',
    ];
    expect(await statusOf(lines, body)).toBe(401);
  });

  it('a request target in absolute form is checked by the path that the framework routes [RS-9110-7.1-a]', async () => {
    const target = 'http://other.example/read';
    expect(await statusOf([`GET ${target} HTTP/1.1`])).toBe(401);
    expect(await statusOf([`GET ${target} HTTP/1.1`, `Authorization: Bearer ${scopeless}`])).toBe(403);
    expect(await statusOf([`GET ${target}?access_token=x HTTP/1.1`, `Authorization: Bearer ${good}`])).toBe(400);
    expect(await statusOf([`GET ${target} HTTP/1.1`, `Authorization: Bearer ${good}`])).toBe(200);
  });

  it('no spelling of a path reaches a handler without its guard', async () => {
    const paths = [
      '/read/',
      '/READ',
      '/%72ead',
      '/%2572ead',
      '//read',
      '/./read',
      '/x/../read',
      '/read;x',
      '/read%2f',
      '/read%00',
      '/read#x',
    ];
    for (const path of paths) {
      const handled = await handledBy(async () => {
        expect(await statusOf([`GET ${path} HTTP/1.1`]), path).toBeOneOf([400, 401, 404]);
        const status = await statusOf([`GET ${path} HTTP/1.1`, `Authorization: Bearer ${scopeless}`]);
        expect(status, path).toBeOneOf([400, 403, 404]);
      });
      expect(handled, path).toBe(0);
    }
    expect(await statusOf(['GET /read HTTP/1.1', `Authorization: Bearer ${good}`])).toBe(200);
  });

  it('HEAD is answered like GET, without content [RS-9110-9.3.2-a]', async () => {
    const get = await application.send({ target: '/read' });
    const head = await application.send({ method: 'HEAD', target: '/read' });
    const lines = (name: string, { headers }: typeof get) => headers.filter(([one]) => one === name);
    expect(head.status).toBe(401);
    expect(head.body).toBe('');
    for (const name of ['www-authenticate', 'cache-control', 'content-type']) {
      expect(lines(name, head)).toEqual(lines(name, get));
    }
    const accepted = await application.send(withAuthorization(`Bearer ${good}`, { method: 'HEAD', target: '/read' }));
    expect([accepted.status, accepted.body]).toEqual([200, '']);
  });

  it('other methods, registered or unknown, run no handler without a token', async () => {
    const handled = await handledBy(async () => {
      for (const method of ['OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) {
        const status = await statusOf([`${method} /read HTTP/1.1`, 'X-HTTP-Method-Override: GET', 'Content-Length: 0']);
        // Express answers OPTIONS itself from its list of routes: no handler, no content.
        expect(status, method).toBeOneOf(method === 'OPTIONS' ? [200, 401, 404, 405] : [401, 404, 405]);
      }
    });
    expect(handled).toBe(0);
  });

  it('each request on a persistent connection is authenticated separately [RS-2.1-5-a] [RS-9700-2.3-a]', async () => {
    const socket = connect(application.port, '127.0.0.1');
    const statuses: string[] = [];
    socket.setEncoding('latin1');
    for (const token of [good, await issuer.bad.expired(), undefined, good]) {
      const credential = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
      socket.write(`GET /any HTTP/1.1\r\nHost: localhost\r\n${credential}\r\n`);
      const [answer] = (await once(socket, 'data')) as [string];
      statuses.push(answer.split(' ')[1] ?? '');
    }
    socket.destroy();
    expect(statuses).toEqual(['200', '401', '401', '200']);
  });
});
