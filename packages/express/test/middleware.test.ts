import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createResourceServer, decisionChannel, scope } from '@resource-server/core';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFixture, type Fixture } from '../../../test/support/fixture.js';
import { auth, getAuth, requireAnyScope, requirePolicy, requireScope } from '../src/index.js';
import { versions } from './express-versions.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

describe.each(versions)('the middleware in $name', ({ express }) => {
  it('auth() creates its own server from options', async () => {
    const app = express();
    app.use(auth({ issuer: fixture.issuer.issuer, audience: 'https://api.example.com' }));
    app.get('/', (req, res) => void res.json(getAuth(req).subject));
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer())
      .expect(200, '"ada"');
    await request(app).get('/').expect(401);
  });

  it('guards protect routes in mounted routers, with trailing slashes and with paths in another case', async () => {
    const router = express.Router();
    router.get('/reports', requireScope('read'), (_req, res) => void res.send('reports'));
    const app = express();
    app.use('/v1', auth(fixture.server), router);
    const scopeless = await fixture.bearer();
    for (const path of ['/v1/reports', '/v1/reports/', '/V1/REPORTS']) {
      await request(app).get(path).set('Authorization', scopeless).expect(403);
    }
    // Express does not decode this path, so that it matches no route.
    await request(app).get('/v1/%72eports').set('Authorization', scopeless).expect(404);
    await request(app)
      .get('/v1/reports')
      .set('Authorization', await fixture.bearer('read'))
      .expect(200, 'reports');
  });

  it('a token in the URL is detected in a mounted router, where Express has shortened req.url', async () => {
    const app = express();
    app.use('/v1', auth(fixture.server), (_req, res) => void res.send('in'));
    await request(app)
      .get('/v1?access_token=x')
      .set('Authorization', await fixture.bearer())
      .expect(400);
    await request(app)
      .get('/v1?token=x')
      .set('Authorization', await fixture.bearer())
      .expect(200);
  });

  it('two auth() calls with one server validate the token once', async () => {
    let decisions = 0;
    const count = () => {
      decisions += 1;
    };
    const app = express();
    app.use(auth(fixture.server), auth(fixture.server));
    app.get('/', (req, res) => void res.json(getAuth(req).subject));
    const bearer = await fixture.bearer();
    subscribe(decisionChannel, count);
    await request(app).get('/').set('Authorization', bearer).expect(200);
    unsubscribe(decisionChannel, count);
    expect(decisions).toBe(1);
  });

  it('a second auth() that requires credentials refuses an anonymous request that the first one accepted', async () => {
    const app = express();
    app.use(auth(fixture.server, { credentials: 'optional' }), auth(fixture.server));
    app.get('/', (_req, res) => void res.send('in'));
    await request(app).get('/').expect(401);
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer())
      .expect(200);
  });

  it('req.auth of another middleware satisfies no guard', async () => {
    const app = express();
    app.use(auth(fixture.server, { credentials: 'optional' }));
    app.use((req, _res, next) => {
      Object.assign(req, { auth: { subject: 'mallory', scopes: ['read'], hasScope: () => true } });
      next();
    });
    app.get('/', requireScope('read'), (_req, res) => void res.send('in'));
    await request(app).get('/').expect(401);
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer())
      .expect(403);
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer('read'))
      .expect(200);
  });

  it('a handler cannot change auth.claims for the next request', async () => {
    const app = express();
    app.use(auth(fixture.server));
    app.get('/grab', (req) => {
      Object.assign(getAuth(req).claims, { scope: 'read admin' });
    });
    app.get('/admin', requireScope('admin'), (_req, res) => void res.send('in'));
    const token = await fixture.bearer('read');
    await request(app).get('/grab').set('Authorization', token).expect(500);
    await request(app).get('/admin').set('Authorization', token).expect(403);
  });

  it('a refusal does not contain headers that were set for another body', async () => {
    const app = express();
    app.use((_req, res, next) => {
      res.setHeader('Transfer-Encoding', 'chunked').setHeader('Trailer', 'x').setHeader('ETag', '"x"');
      next();
    });
    app.use(auth(fixture.server));
    const refused = await request(app).get('/').expect(401);
    expect(refused.body).toEqual({ type: 'about:blank', title: 'Unauthorized', status: 401 });
    expect(refused.headers['content-length']).toBe(String(refused.text.length));
    for (const name of ['transfer-encoding', 'trailer', 'etag']) expect(refused.headers).not.toHaveProperty(name);
  });

  it('req.auth is undefined after a second server has refused the request', async () => {
    const other = createResourceServer({ issuer: fixture.issuer.issuer, audience: 'urn:other' });
    const app = express();
    app.use(auth(fixture.server), auth(other, { onDenied: (_denial, _req, _res, next) => next() }));
    app.get('/', (req, res) => void res.json({ auth: (req as { auth?: unknown }).auth ?? null }));
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer())
      .expect({ auth: null });
    await other.close();
  });

  it('req.auth contains the validated token for handlers', async () => {
    const app = express();
    app.use(auth(fixture.server));
    app.get('/', (req, res) => void res.json((req as { auth?: { subject?: string } }).auth?.subject));
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer())
      .expect('"ada"');
  });

  it('every request on one connection is validated separately', async () => {
    const app = express();
    app.use(auth(fixture.server));
    app.get('/', (_req, res) => void res.send('in'));
    const agent = request.agent(app);
    await agent
      .get('/')
      .set('Authorization', await fixture.bearer())
      .expect(200);
    await agent
      .get('/')
      .set('Authorization', `Bearer ${await fixture.issuer.bad.expired()}`)
      .expect(401);
    await agent.get('/').expect(401);
  });
});

it('a guard exposes its policy', () => {
  expect(requireScope('a', 'b').policy).toEqual(scope('a b'));
  expect(requireScope(['a', 'b']).policy).toEqual(requireScope('a b').policy);
  expect(requireAnyScope('a', 'b').policy).toMatchObject({ kind: 'anyScope', scopes: ['a', 'b'] });
  expect(requirePolicy(scope('a')).policy).toEqual(scope('a'));
});

it('creating a guard without a scope or policy throws', () => {
  expect(() => requireScope()).toThrow(/scope/);
  expect(() => requirePolicy({ kind: 'scope', scopes: [] })).toThrow(/policy/);
});
