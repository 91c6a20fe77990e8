import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Denied, Running, WireResponse } from './harness.js';
import { harnesses } from './harnesses/index.js';
import { withAuthorization } from './suite-case.js';
import { audience } from './world.js';

/* The option `onDenied`: it behaves the same in every framework. */

let issuer: MockIssuer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});
afterAll(() => issuer.close());

describe.each(harnesses.filter(({ name }) => name !== 'core'))('onDenied in $name', (harness) => {
  let application: Running | undefined;
  afterEach(() => application?.close());

  async function start(denied: Denied): Promise<Running> {
    application = await harness.start({ issuer: issuer.issuer, audience }, denied);
    return application;
  }
  const expired = async () => withAuthorization(`Bearer ${await issuer.bad.expired()}`);
  const scopeless = async () => withAuthorization(`Bearer ${await issuer.token()}`, { target: '/read' });

  it("onDenied 'delegate' keeps status and challenge in the framework's error handler [RS-9110-15.5.2-a]", async () => {
    const running = await start('delegate');
    const response = await running.send(await expired());
    expect(response.status).toBe(401);
    expect(header(response, 'www-authenticate')).toBe(
      'Bearer realm="api", error="invalid_token", error_description="The access token expired"',
    );
    expect(header(response, 'cache-control')).toBe('no-store');
    expect(response.body).toContain('The access token expired');
    expect(response.body).not.toMatch(/ at |exp:|node_modules/);
    expect((await running.send(await scopeless())).status).toBe(403);
    expect(running.handled()).toBe(0);
  });

  it.each(['now', 'later'] as const)(
    'an onDenied function that responds %s decides the response, for auth() and for guards',
    async (answers) => {
      const running = await start({ answers });
      expect(await running.send(await expired())).toMatchObject({ status: 401, body: 'own token_expired' });
      expect(await running.send(await scopeless())).toMatchObject({ status: 403, body: 'own scope_insufficient' });
      expect(running.handled()).toBe(0);
      const good = withAuthorization(`Bearer ${await issuer.token({ scope: 'read' })}`, { target: '/read' });
      expect((await running.send(good)).status).toBe(200);
    },
  );

  // Express reads 'route' and 'router' as "next route", Koa reads null as "no error".
  it.each([new Error('own error'), undefined, null, 'route', 'router', 0, { status: 200 }])(
    'an onDenied function that throws %s gives 500, and no handler runs',
    async (thrown) => {
      for (const denied of [{ throws: thrown }, { rejects: thrown }]) {
        const running = await start(denied);
        expect((await running.send(await expired())).status).toBe(500);
        expect((await running.send(await scopeless())).status).toBe(500);
        expect(running.handled()).toBe(0);
        await running.close();
      }
    },
  );
});

function header({ headers }: WireResponse, name: string): string | undefined {
  return headers.find(([candidate]) => candidate === name)?.[1];
}
