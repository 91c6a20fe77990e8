import { createResourceServer } from '@resource-server/core';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFixture, type Fixture } from '../../../test/support/fixture.js';
import { auth, getAuth, requireScope } from '../src/index.js';
import { fakeAuth, setAuth } from '../src/testing.js';
import { versions } from './express-versions.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

describe.each(versions)('getAuth and setAuth in $name', ({ express }) => {
  it('getAuth throws without auth() before the handler, and for an anonymous request', async () => {
    const app = express();
    app.set('env', 'test');
    app.get('/open', (req, res) => void res.json(getAuth(req)));
    app.get('/open-optional', (req, res) => void res.json(getAuth(req, { optional: true })));
    app.use(auth(fixture.server, { credentials: 'optional' }));
    app.get('/anonymous', (req, res) => void res.json(getAuth(req)));
    app.get('/anonymous-optional', (req, res) => void res.json(getAuth(req, { optional: true })));
    await request(app).get('/open').expect(500);
    await request(app).get('/open-optional').expect(500);
    await request(app).get('/anonymous').expect(500);
    await request(app).get('/anonymous-optional').expect(200, 'null');
    await request(app)
      .get('/anonymous')
      .set('Authorization', await fixture.bearer())
      .expect(200);
  });

  it('getAuth with `from` throws when another server has checked the request', async () => {
    const { issuer, server } = fixture;
    const other = createResourceServer({ issuer: issuer.issuer, audience: 'https://api.example.com' });
    const app = express();
    app.set('env', 'test');
    app.use(auth(server));
    app.get('/same', (req, res) => void res.json(getAuth(req, { from: server }).subject));
    app.get('/other', (req, res) => void res.json(getAuth(req, { from: other }).subject));
    app.get('/replaced', auth(other), (req, res) => void res.json(getAuth(req, { from: other }).subject));
    await request(app)
      .get('/same')
      .set('Authorization', await fixture.bearer())
      .expect(200, '"ada"');
    await request(app)
      .get('/other')
      .set('Authorization', await fixture.bearer())
      .expect(500);
    await request(app)
      .get('/replaced')
      .set('Authorization', await fixture.bearer())
      .expect(200, '"ada"');
    await other.close();
  });

  it('the JSON of auth does not contain the access token', async () => {
    const app = express();
    app.use(auth(fixture.server));
    app.get('/', (req, res) => void res.json({ auth: getAuth(req), read: getAuth(req).token.length > 0 }));
    const bearer = await fixture.bearer();
    const { text } = await request(app).get('/').set('Authorization', bearer).expect(200);
    expect(text).not.toContain(bearer.slice('Bearer '.length));
    expect(JSON.parse(text).read).toBe(true);
  });

  it('guards, handlers and a later auth() of any server accept the double of setAuth', async () => {
    const app = express();
    app.use((req, _res, next) => {
      setAuth(req, fakeAuth({ subject: 'grace', scopes: ['read'] }));
      next();
    });
    app.use(auth(fixture.server));
    app.get('/', requireScope('read'), (req, res) => void res.json(getAuth(req, { from: fixture.server }).subject));
    app.get('/write', requireScope('write'), (_req, res) => void res.send('in'));
    await request(app).get('/').expect(200, '"grace"');
    await request(app).get('/write').expect(403);
  });
});
