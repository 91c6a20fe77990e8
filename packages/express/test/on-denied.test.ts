import type { Denied } from '@resource-server/core';
import type { ErrorRequestHandler } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFixture, type Fixture } from '../../../test/support/fixture.js';
import { AccessError, type AuthOptions, auth, ConfigurationError, requireScope } from '../src/index.js';
import { versions } from './express-versions.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

describe.each(versions)('onDenied in $name', ({ express }) => {
  function application(options: AuthOptions, onError?: ErrorRequestHandler) {
    const app = express();
    // With NODE_ENV=test, Express' default error handler does not log the error.
    app.set('env', 'test');
    app.use(auth(fixture.server, options));
    app.get('/', requireScope('read'), (_req, res) => void res.send('in'));
    if (onError !== undefined) app.use(onError);
    return app;
  }

  it("onDenied: 'delegate' passes the AccessError of auth() and of guards to the error handlers", async () => {
    const seen: unknown[] = [];
    const app = application({ onDenied: 'delegate' }, (error, _req, res, _next) => {
      seen.push(error);
      res.status(418).send('ours');
    });
    await request(app).get('/').expect(418, 'ours');
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer())
      .expect(418);
    expect(seen.map((error) => error instanceof AccessError && error.code)).toEqual([
      'credentials_missing',
      'scope_insufficient',
    ]);
  });

  it("onDenied: 'delegate' with the error handler of Express keeps the challenge and leaks no detail", async () => {
    const app = application({ onDenied: 'delegate' });
    const refused = await request(app)
      .get('/')
      .set('Authorization', `Bearer ${await fixture.issuer.bad.expired()}`);
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBe(
      'Bearer realm="api", error="invalid_token", error_description="The access token expired"',
    );
    expect(refused.text).toContain('The access token expired');
    expect(refused.text).not.toMatch(/ at |exp:|node_modules/);
  });

  it('an onDenied function sends the response of auth() and of guards', async () => {
    const app = application({
      onDenied: (denial: Denied, _req, res) => {
        res.statusCode = denial.status;
        res.end(`own ${denial.error.code}`);
      },
    });
    await request(app).get('/').expect(401, 'own credentials_missing');
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer())
      .expect(403, 'own scope_insufficient');
    await request(app)
      .get('/')
      .set('Authorization', await fixture.bearer('read'))
      .expect(200);
  });

  it.each([
    ['an Error', new Error('mine')],
    ['undefined', undefined],
    ["'route', with which Express continues", 'route'],
    ["'router', with which Express continues", 'router'],
  ])('when onDenied throws %s, the response is 500 and no handler runs', async (_what, thrown) => {
    for (const onDenied of [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ]) {
      await request(application({ onDenied })).get('/').expect(500);
    }
  });

  it('after an onDenied function that responds later, no handler runs', async () => {
    let handled = false;
    const app = express();
    app.use(auth(fixture.server, { onDenied: (_denial, _req, res) => void setImmediate(() => res.end('late')) }));
    app.get('/', () => {
      handled = true;
    });
    await request(app).get('/').expect('late');
    expect(handled).toBe(false);
  });
});

it.each([
  [{ onDenied: 'ignore' }, /onDenied/],
  [{ onDenyed: 'respond' }, /onDenyed/],
  [{ credentials: 'maybe' }, /credentials/],
])('auth() throws a ConfigurationError for the options %j', (options, message) => {
  expect(() => auth(fixture.server, options as AuthOptions)).toThrow(ConfigurationError);
  expect(() => auth(fixture.server, options as AuthOptions)).toThrow(message);
});
