import { createResourceServer } from '@resource-server/core';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createFixture, type Fixture } from '../../../test/support/fixture.js';
import { auth, getAuth, requireScope } from '../src/index.js';
import { fakeAuth, setAuth } from '../src/testing.js';

let fixture: Fixture;
let app: FastifyInstance;
beforeAll(async () => {
  fixture = await createFixture();
});
afterEach(() => app.close());
afterAll(() => fixture.close());

it('getAuth throws for an anonymous request, and for a request that another server has checked', async () => {
  const other = createResourceServer({ issuer: fixture.issuer.issuer, audience: null });
  app = Fastify();
  await app.register(auth, { server: fixture.server, credentials: 'optional' });
  app.get('/any', async (request) => getAuth(request).subject);
  app.get('/optional', async (request) => ({ auth: getAuth(request, { optional: true }) }));
  app.get('/other', async (request) => getAuth(request, { from: other }).subject);
  const headers = { authorization: await fixture.bearer() };
  expect((await app.inject('/any')).statusCode).toBe(500);
  expect((await app.inject('/optional')).json()).toEqual({ auth: null });
  expect((await app.inject({ url: '/any', headers })).body).toBe('ada');
  expect((await app.inject({ url: '/other', headers })).statusCode).toBe(500);
  await other.close();
});

it('request.auth of another hook satisfies no guard', async () => {
  app = Fastify();
  await app.register(auth, { server: fixture.server, credentials: 'optional' });
  app.addHook('onRequest', async (request) => {
    Object.assign(request, { auth: { subject: 'mallory', scopes: ['read'], hasScope: () => true } });
  });
  app.get('/', { onRequest: requireScope('read') }, async () => 'in');
  expect((await app.inject('/')).statusCode).toBe(401);
  const headers = { authorization: await fixture.bearer('read') };
  expect((await app.inject({ url: '/', headers })).statusCode).toBe(200);
});

it('request.auth contains the validated token for handlers', async () => {
  app = Fastify();
  await app.register(auth, fixture.server);
  app.get('/', async (request) => (request as { auth?: { subject?: string } }).auth?.subject);
  expect((await app.inject({ url: '/', headers: { authorization: await fixture.bearer() } })).body).toBe('ada');
});

it('guards, handlers and a later auth plugin of any server accept the double of setAuth', async () => {
  app = Fastify();
  app.addHook('onRequest', async (request) => setAuth(request, fakeAuth({ subject: 'grace', scopes: ['read'] })));
  await app.register(auth, fixture.server);
  app.get(
    '/',
    { onRequest: requireScope('read') },
    async (request) => getAuth(request, { from: fixture.server }).subject,
  );
  app.get('/write', { onRequest: requireScope('write') }, async () => 'in');
  expect((await app.inject('/')).body).toBe('grace');
  expect((await app.inject('/write')).statusCode).toBe(403);
});
