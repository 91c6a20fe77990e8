import Router from '@koa/router';
import { createResourceServer } from '@resource-server/core';
import type Koa from 'koa';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audience, createFixture, type Fixture } from '../../../test/support/fixture.js';
import { type AuthState, auth, getAuth, requireAnyScope, requirePolicy, requireScope } from '../src/index.js';
import { fakeAuth, setAuth } from '../src/testing.js';
import { versions } from './koa-versions.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const get = (app: Koa, path: string, authorization?: string) => {
  const sent = request(app.callback()).get(path);
  return authorization === undefined ? sent : sent.set('Authorization', authorization);
};

describe.each(versions)('the middleware in $name', ({ create }) => {
  it('auth() creates its own server from options', async () => {
    const app = create();
    app.use(auth({ issuer: fixture.issuer.issuer, audience }));
    app.use((ctx) => {
      ctx.body = getAuth(ctx).subject;
    });
    await get(app, '/', await fixture.bearer()).expect(200, 'ada');
    await get(app, '/').expect(401);
  });

  it('guards protect routes in nested routers, with trailing slashes and with paths in another case', async () => {
    const inner = new Router<AuthState>();
    inner.get('/reports', requireScope('read'), (ctx) => {
      ctx.body = ctx.state.auth?.subject;
    });
    const outer = new Router();
    outer.use('/v1', inner.routes());
    const app = create();
    app.use(auth(fixture.server)).use(outer.routes());
    const scopeless = await fixture.bearer();
    for (const path of ['/v1/reports', '/v1/reports/', '/V1/REPORTS']) await get(app, path, scopeless).expect(403);
    await get(app, '/v1/reports', await fixture.bearer('read')).expect(200, 'ada');
  });

  it('a token in the URL is detected behind middleware that rewrites ctx.url', async () => {
    const app = create();
    app.use((ctx, next) => {
      ctx.url = '/rewritten';
      return next();
    });
    app.use(auth(fixture.server));
    app.use((ctx) => {
      ctx.body = 'in';
    });
    await get(app, '/?access_token=x', await fixture.bearer()).expect(400);
    await get(app, '/?token=x', await fixture.bearer()).expect(200);
  });

  it('a second auth() that requires credentials refuses an anonymous request that the first one accepted', async () => {
    const app = create();
    app.use(auth(fixture.server, { credentials: 'optional' })).use(auth(fixture.server));
    app.use((ctx) => {
      ctx.body = 'in';
    });
    await get(app, '/').expect(401);
    await get(app, '/', await fixture.bearer()).expect(200);
  });

  it('ctx.state.auth of another middleware satisfies no guard', async () => {
    const app = create();
    app.use(auth(fixture.server, { credentials: 'optional' }));
    app.use((ctx, next) => {
      ctx.state['auth'] = { subject: 'mallory', scopes: ['read'], hasScope: () => true };
      return next();
    });
    app.use(requireScope('read'));
    app.use((ctx) => {
      ctx.body = 'in';
    });
    await get(app, '/').expect(401);
    await get(app, '/', await fixture.bearer()).expect(403);
    await get(app, '/', await fixture.bearer('read')).expect(200);
  });

  it('earlier middleware sees a refusal like any other response', async () => {
    const seen: unknown[] = [];
    const app = create();
    app.use(async (ctx, next) => {
      await next();
      seen.push([ctx.status, ctx.body, ctx.response.get('www-authenticate')]);
    });
    app.use(auth(fixture.server));
    await get(app, '/').expect(401);
    expect(seen).toEqual([[401, '{"type":"about:blank","title":"Unauthorized","status":401}', 'Bearer realm="api"']]);
  });

  it.each([
    ['that responds without Koa', (ctx: Koa.Context) => Object.assign(ctx, { respond: false })],
    ['that has begun a response', (ctx: Koa.Context) => ctx.res.flushHeaders()],
  ])('a refused request ends in an application %s', async (_what, begin) => {
    let handled = false;
    const app = create();
    app.use((ctx, next) => {
      begin(ctx);
      return next();
    });
    app.use(auth(fixture.server));
    app.use(() => {
      handled = true;
    });
    const answer = await get(app, '/');
    expect(answer.text).not.toContain('handled');
    expect(handled).toBe(false);
  });

  it('getAuth throws for an anonymous request, and for a request that another server has checked', async () => {
    const other = createResourceServer({ issuer: fixture.issuer.issuer, audience: null });
    const app = create();
    app.use(auth(fixture.server, { credentials: 'optional' }));
    app.use((ctx) => {
      if (ctx.path === '/optional') ctx.body = { auth: getAuth(ctx, { optional: true }) };
      else ctx.body = ctx.path === '/other' ? getAuth(ctx, { from: other }).subject : getAuth(ctx).subject;
    });
    await get(app, '/').expect(500);
    await get(app, '/optional').expect(200, { auth: null });
    await get(app, '/', await fixture.bearer()).expect(200, 'ada');
    await get(app, '/other', await fixture.bearer()).expect(500);
    await other.close();
  });

  it('guards, handlers and a later auth() of any server accept the double of setAuth', async () => {
    const app = create();
    app.use((ctx, next) => {
      setAuth(ctx, fakeAuth({ subject: 'grace', scopes: ['read'] }));
      return next();
    });
    app.use(auth(fixture.server)).use(requireScope('read'));
    app.use((ctx, next) => (ctx.path === '/write' ? requireScope('write')(ctx, next) : next()));
    app.use((ctx) => {
      ctx.body = getAuth(ctx, { from: fixture.server }).subject;
    });
    await get(app, '/').expect(200, 'grace');
    await get(app, '/write').expect(403);
  });
});

it('a guard exposes its policy, and creating one without a scope throws', () => {
  expect(requireScope('a', 'b').policy).toEqual(requireScope('a b').policy);
  expect(requirePolicy(requireAnyScope('a').policy).policy).toMatchObject({ kind: 'anyScope', scopes: ['a'] });
  expect(() => requireScope()).toThrow(/scope/);
  expect(() => auth(fixture.server, { onDenied: 'ignore' as never })).toThrow(/onDenied/);
});
