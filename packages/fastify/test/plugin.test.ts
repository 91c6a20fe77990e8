import { createResourceServer } from '@resource-server/core';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { audience, createFixture, type Fixture } from '../../../test/support/fixture.js';
import { auth, getAuth, requireAnyScope, requirePolicy, requireScope } from '../src/index.js';

let fixture: Fixture;
let app: FastifyInstance;
beforeAll(async () => {
  fixture = await createFixture();
});
afterEach(() => app.close());
afterAll(() => fixture.close());

async function statusOf(url: string, authorization?: string, rest: InjectOptions = {}): Promise<number> {
  const { statusCode } = await app.inject({ url, ...(authorization && { headers: { authorization } }), ...rest });
  return statusCode;
}

describe('what the plugin guards', () => {
  it('the context it is registered in, with options or a shared server', async () => {
    app = Fastify();
    await app.register(auth, { issuer: fixture.issuer.issuer, audience });
    app.get('/', async (request) => getAuth(request).subject);
    expect(await statusOf('/')).toBe(401);
    expect((await app.inject({ url: '/', headers: { authorization: await fixture.bearer() } })).body).toBe('ada');
  });

  it.each([
    ['itself', (server: Fixture['server']) => server],
    ['as an option', (server: Fixture['server']) => ({ server })],
  ])('a shared server is taken %s', async (_how, optionsOf) => {
    app = Fastify();
    await app.register(auth, optionsOf(fixture.server));
    app.get('/', async (request) => getAuth(request, { from: fixture.server }).subject);
    expect(await statusOf('/')).toBe(401);
    expect(await statusOf('/', await fixture.bearer())).toBe(200);
  });

  it('routes and child contexts that were registered before it', async () => {
    app = Fastify();
    app.get('/before', async () => 'in');
    app.register(async (child) => void child.get('/child', async () => 'in'), { prefix: '/before' });
    await app.register(auth, fixture.server);
    app.get('/after', async () => 'in');
    for (const url of ['/before', '/before/child', '/after']) {
      expect(await statusOf(url), url).toBe(401);
      expect(await statusOf(url, await fixture.bearer()), url).toBe(200);
    }
  });

  it('nothing beside its context', async () => {
    app = Fastify();
    app.register(async (api) => {
      await api.register(auth, fixture.server);
      api.get('/inside', async () => 'in');
    });
    app.get('/beside', async () => 'in');
    expect(await statusOf('/inside')).toBe(401);
    expect(await statusOf('/beside')).toBe(200);
  });

  it('[RS-CORS-1] HEAD and OPTIONS as any other method', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.route({ method: ['GET', 'OPTIONS'], url: '/', handler: async () => 'in' });
    for (const method of ['HEAD', 'OPTIONS'] as const) {
      expect(await statusOf('/', undefined, { method })).toBe(401);
      expect(await statusOf('/', await fixture.bearer(), { method })).toBe(200);
    }
  });

  it('a request before its body is read', async () => {
    app = Fastify();
    let parsed = false;
    app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => {
      parsed = true;
      done(null, body);
    });
    await app.register(auth, fixture.server);
    app.post('/', async () => 'in');
    const body = { method: 'POST', payload: 'text', headers: { 'content-type': 'text/plain' } } as const;
    expect(await statusOf('/', undefined, body)).toBe(401);
    expect(parsed).toBe(false);
  });
});

describe('unknown paths', () => {
  it.each([
    ['without a 404 handler', () => undefined],
    ['with one', () => void app.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing here'))],
  ])('at the root answer like guarded ones, %s of the application', async (_how, setHandler) => {
    app = Fastify();
    await app.register(auth, fixture.server);
    setHandler();
    expect(await statusOf('/nowhere')).toBe(401);
    expect(await statusOf('/nowhere', await fixture.bearer())).toBe(404);
  });

  it('below a prefix belong to the application, until it guards them with a 404 handler there', async () => {
    app = Fastify();
    app.register(
      async (api) => {
        await api.register(auth, fixture.server);
      },
      { prefix: '/v1' },
    );
    app.register(
      async (api) => {
        await api.register(auth, fixture.server);
        api.setNotFoundHandler((_request, reply) => reply.code(404).send());
      },
      { prefix: '/v2' },
    );
    expect(await statusOf('/v1/nowhere')).toBe(404);
    expect(await statusOf('/v2/nowhere')).toBe(401);
    expect(await statusOf('/v2/nowhere', await fixture.bearer())).toBe(404);
  });
});

describe('public routes', () => {
  it('are open, and nothing is known of who comes', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/health', { config: { auth: { public: true } } }, async (request) => {
      expect(() => getAuth(request)).toThrow(/auth\(\) has not admitted/);
      return 'well';
    });
    expect(await statusOf('/health')).toBe(200);
    expect(await statusOf('/health', 'Bearer nonsense')).toBe(200);
  });

  it.each(['true', 1, {}, 'yes'])('are those whose public is literally true, not %j', async (value) => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/', { config: { auth: { public: value as never } } }, async () => 'in');
    expect(await statusOf('/')).toBe(401);
  });

  it('with a guard are a mistake, and 500', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/', { config: { auth: { public: true } }, onRequest: requireScope('read') }, async () => 'in');
    expect(await statusOf('/', await fixture.bearer('read'))).toBe(500);
  });
});

describe('guards', () => {
  it('run behind the plugin, whenever their route was registered', async () => {
    app = Fastify();
    app.get('/early', { onRequest: requireScope('read') }, async () => 'in');
    await app.register(auth, fixture.server);
    app.get('/late', { onRequest: [requireAnyScope('read', 'admin')] }, async () => 'in');
    for (const url of ['/early', '/late']) {
      expect(await statusOf(url)).toBe(401);
      expect(await statusOf(url, await fixture.bearer())).toBe(403);
      expect(await statusOf(url, await fixture.bearer('read'))).toBe(200);
    }
  });

  it('hold for a whole context', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.register(async (admin) => {
      admin.addHook('onRequest', requireScope('admin'));
      admin.get('/admin', async () => 'in');
    });
    expect(await statusOf('/admin', await fixture.bearer('read'))).toBe(403);
    expect(await statusOf('/admin', await fixture.bearer('admin'))).toBe(200);
  });

  it('show their policy', () => {
    app = Fastify();
    expect(requireScope('a', 'b').policy).toEqual(requireScope('a b').policy);
    expect(requirePolicy(requireAnyScope('a').policy).policy).toMatchObject({ kind: 'anyScope' });
    expect(() => requireScope()).toThrow(/scope/);
  });
});

describe('the wrong place', () => {
  it('a guard as an onSend hook refuses once, and does not judge its own answer for ever', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/', { onSend: requireScope('read') as never }, async () => 'secret');
    const { statusCode, body } = await app.inject({ url: '/', headers: { authorization: await fixture.bearer() } });
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('secret');
  });

  it.each(['preParsing', 'preValidation', 'preHandler'])('a guard as %s hook guards all the same', async (name) => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/', { [name]: requireScope('read') }, async () => 'in');
    expect(await statusOf('/', await fixture.bearer())).toBe(403);
    expect(await statusOf('/', await fixture.bearer('read'))).toBe(200);
  });

  it('what an earlier hook answers was not asked for a token, what a later one answers was', async () => {
    for (const [isEarlier, expected] of [
      [true, 200],
      [false, 401],
    ] as const) {
      app = Fastify();
      const answer = () => app.addHook('onRequest', async (_request, reply) => reply.send('hook'));
      if (isEarlier) answer();
      await app.register(auth, fixture.server);
      if (!isEarlier) answer();
      expect(await statusOf('/')).toBe(expected);
    }
  });
});

describe('registered twice', () => {
  it('the same server judges once, another one judges again and replaces', async () => {
    const other = createResourceServer({ issuer: fixture.issuer.issuer, audience: 'urn:other' });
    app = Fastify();
    await app.register(auth, fixture.server);
    app.register(async (inner) => {
      await inner.register(auth, fixture.server);
      inner.get('/same', async (request) => getAuth(request, { from: fixture.server }).subject);
    });
    app.register(async (inner) => {
      await inner.register(auth, other);
      inner.get('/other', async (request) => getAuth(request, { from: other }).subject);
    });
    expect(await statusOf('/same', await fixture.bearer())).toBe(200);
    expect(await statusOf('/other', await fixture.bearer())).toBe(401);
    const both = await fixture.issuer.token({ audience: [audience, 'urn:other'] });
    expect(await statusOf('/other', `Bearer ${both}`)).toBe(200);
    await other.close();
  });
});

it('an onDenied function that answers long after it returned has the last word', async () => {
  app = Fastify();
  let handled = false;
  await app.register(auth, {
    server: fixture.server,
    onDenied: (_denial, _request, reply) => void setImmediate(() => reply.code(418).send(Buffer.from('late'))),
  });
  app.get('/', async () => {
    handled = true;
  });
  expect(await statusOf('/')).toBe(418);
  expect(handled).toBe(false);
});

it('an onDenied function that returns the reply, which it will answer with, has the last word', async () => {
  app = Fastify();
  let handled = false;
  await app.register(auth, {
    server: fixture.server,
    onDenied: (_denial, _request, reply) => {
      setImmediate(() => reply.code(418).send(Buffer.from('late')));
      return reply;
    },
  });
  app.get('/', async () => {
    handled = true;
  });
  expect(await statusOf('/')).toBe(418);
  expect(handled).toBe(false);
});

it('options of Fastify itself are none of ours, all others are judged', async () => {
  app = Fastify();
  const options = { issuer: fixture.issuer.issuer, audience, prefix: '/v1', logLevel: 'warn' } as const;
  await app.register(auth, options);
  await expect(Fastify().register(auth, { ...options, audience: [] })).rejects.toThrow(/audience/);
  await expect(Fastify().register(auth, { ...options, odience: 'x' } as never)).rejects.toThrow(/odience/);
  await expect(Fastify().register(auth, { server: fixture.server, realm: 'x' } as never)).rejects.toThrow(/realm/);
});
