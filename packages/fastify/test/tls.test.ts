import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFixture, type Fixture } from '../../../test/support/fixture.js';
import { selfSignedCertificate } from '../../core/test/support-network/self-signed.js';
import { auth, getAuth, requireScope } from '../src/index.js';

const certificate = selfSignedCertificate();
let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

it('the plugin and guards protect routes over HTTPS', async () => {
  const app = Fastify({ https: certificate });
  await app.register(auth, fixture.server);
  app.get('/', { onRequest: requireScope('read') }, async (incoming) => getAuth(incoming).subject);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const statusOf = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const sent = request({ port, host: '127.0.0.1', ca: certificate.cert, servername: 'localhost', headers }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  expect(await statusOf()).toBe(401);
  expect(await statusOf(await fixture.bearer())).toBe(403);
  expect(await statusOf(await fixture.bearer('read'))).toBe(200);
  await app.close();
});

it('the plugin and guards protect routes over HTTP/2 with TLS', async () => {
  const app = Fastify({ http2: true, https: certificate });
  await app.register(auth, fixture.server);
  app.get('/', { onRequest: requireScope('read') }, async (incoming) => getAuth(incoming).subject);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const session = connect(`https://localhost:${port}`, { ca: certificate.cert, host: '127.0.0.1' } as object);
  const statusOf = async (authorization?: string) => {
    const stream = session.request({ ':path': '/', ...(authorization !== undefined && { authorization }) });
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    stream.resume();
    return headers[':status'];
  };
  expect(await statusOf()).toBe(401);
  expect(await statusOf(await fixture.bearer())).toBe(403);
  expect(await statusOf(await fixture.bearer('read'))).toBe(200);
  session.destroy();
  await app.close();
});
