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

describe('the routes that the plugin protects', () => {
  it('the plugin with options protects the context in which it is registered', async () => {
    app = Fastify();
    await app.register(auth, { issuer: fixture.issuer.issuer, audience });
    app.get('/', async (request) => getAuth(request).subject);
    expect(await statusOf('/')).toBe(401);
    expect((await app.inject({ url: '/', headers: { authorization: await fixture.bearer() } })).body).toBe('ada');
  });

  it.each([
    ['as the options', (server: Fixture['server']) => server],
    ['as the option server', (server: Fixture['server']) => ({ server })],
  ])('the plugin accepts a shared server %s', async (_how, optionsOf) => {
    app = Fastify();
    await app.register(auth, optionsOf(fixture.server));
    app.get('/', async (request) => getAuth(request, { from: fixture.server }).subject);
    expect(await statusOf('/')).toBe(401);
    expect(await statusOf('/', await fixture.bearer())).toBe(200);
  });

  it('the plugin protects routes and child contexts that were registered before it', async () => {
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

  it('the plugin does not protect routes outside of its context', async () => {
    app = Fastify();
    app.register(async (api) => {
      await api.register(auth, fixture.server);
      api.get('/inside', async () => 'in');
    });
    app.get('/beside', async () => 'in');
    expect(await statusOf('/inside')).toBe(401);
    expect(await statusOf('/beside')).toBe(200);
  });

  it('HEAD and OPTIONS require a token like any other method [RS-CORS-1]', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.route({ method: ['GET', 'OPTIONS'], url: '/', handler: async () => 'in' });
    for (const method of ['HEAD', 'OPTIONS'] as const) {
      expect(await statusOf('/', undefined, { method })).toBe(401);
      expect(await statusOf('/', await fixture.bearer(), { method })).toBe(200);
    }
  });

  it('a request is refused before its body is parsed', async () => {
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

describe('the response for unknown paths', () => {
  it.each([
    ['without a 404 handler of the application', () => undefined],
    [
      'with a 404 handler of the application',
      () => void app.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing here')),
    ],
  ])('an unknown path at the root requires a token, %s', async (_how, setHandler) => {
    app = Fastify();
    await app.register(auth, fixture.server);
    setHandler();
    expect(await statusOf('/nowhere')).toBe(401);
    expect(await statusOf('/nowhere', await fixture.bearer())).toBe(404);
  });

  it('an unknown path below a prefix requires a token only with a 404 handler in that context', async () => {
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

describe('routes with config.auth.public', () => {
  it('a public route needs no token, and getAuth throws in it', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/health', { config: { auth: { public: true } } }, async (request) => {
      expect(() => getAuth(request)).toThrow(/auth\(\) has not accepted/);
      return 'well';
    });
    expect(await statusOf('/health')).toBe(200);
    expect(await statusOf('/health', 'Bearer nonsense')).toBe(200);
  });

  it.each(['true', 1, {}, 'yes'])(
    'a route whose config.auth.public is %j instead of true needs a token',
    async (value) => {
      app = Fastify();
      await app.register(auth, fixture.server);
      app.get('/', { config: { auth: { public: value as never } } }, async () => 'in');
      expect(await statusOf('/')).toBe(401);
    },
  );

  it('a public route with a guard is answered with 500', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/', { config: { auth: { public: true } }, onRequest: requireScope('read') }, async () => 'in');
    expect(await statusOf('/', await fixture.bearer('read'))).toBe(500);
  });
});

describe('guards behind the plugin', () => {
  it('guards run after the plugin, also on routes that were registered before it', async () => {
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

  it('a guard as a hook of a context protects all routes of the context', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.register(async (admin) => {
      admin.addHook('onRequest', requireScope('admin'));
      admin.get('/admin', async () => 'in');
    });
    expect(await statusOf('/admin', await fixture.bearer('read'))).toBe(403);
    expect(await statusOf('/admin', await fixture.bearer('admin'))).toBe(200);
  });

  it('a guard exposes its policy, and creating one without a scope throws', () => {
    app = Fastify();
    expect(requireScope('a', 'b').policy).toEqual(requireScope('a b').policy);
    expect(requirePolicy(requireAnyScope('a').policy).policy).toMatchObject({ kind: 'anyScope' });
    expect(() => requireScope()).toThrow(/scope/);
  });
});

describe('hooks in unusual places', () => {
  it('a guard as an onSend hook refuses once, and does not refuse its own response again', async () => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/', { onSend: requireScope('read') as never }, async () => 'secret');
    const { statusCode, body } = await app.inject({ url: '/', headers: { authorization: await fixture.bearer() } });
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('secret');
  });

  it.each(['preParsing', 'preValidation', 'preHandler'])('a guard as a %s hook evaluates its policy', async (name) => {
    app = Fastify();
    await app.register(auth, fixture.server);
    app.get('/', { [name]: requireScope('read') }, async () => 'in');
    expect(await statusOf('/', await fixture.bearer())).toBe(403);
    expect(await statusOf('/', await fixture.bearer('read'))).toBe(200);
  });

  it('the response of an onRequest hook needs no token before the plugin, and needs one after it', async () => {
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

describe('two registrations of the plugin', () => {
  it('the same server validates a token once, and another server validates it again', async () => {
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

it('an onDenied function may send the response after it has returned', async () => {
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

it('an onDenied function may return the reply and send the response later', async () => {
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

it('the plugin ignores options of Fastify itself, and throws for every other unknown option', async () => {
  app = Fastify();
  const options = { issuer: fixture.issuer.issuer, audience, prefix: '/v1', logLevel: 'warn' } as const;
  await app.register(auth, options);
  await expect(Fastify().register(auth, { ...options, audience: [] })).rejects.toThrow(/audience/);
  await expect(Fastify().register(auth, { ...options, odience: 'x' } as never)).rejects.toThrow(/odience/);
  await expect(Fastify().register(auth, { server: fixture.server, realm: 'x' } as never)).rejects.toThrow(/realm/);
});
