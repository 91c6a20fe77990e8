import { once } from 'node:events';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, describe, expect, it } from 'vitest';
import type { Harness, Running, WireResponse } from './harness.js';
import { harnesses } from './harnesses/index.js';
import { withAuthorization } from './suite-case.js';
import { open } from './wire.js';
import { audience } from './world.js';

/*
 * Scenarios that take several requests. Each has its own issuer and application, so that the keys
 * are not cached at the start.
 */

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});

const bearer = (token: string) => withAuthorization(`Bearer ${token}`);

async function start(
  harness: Harness,
  keys: { timeoutSeconds?: number } = {},
): Promise<{ issuer: MockIssuer; application: Running }> {
  const issuer = await createMockIssuer({ alg: 'ES256', audience });
  const application = await harness.start({ issuer: issuer.issuer, audience, clock: issuer.clock, keys });
  cleanups.push(
    () => application.close(),
    () => issuer.close(),
  );
  return { issuer, application };
}

describe.each(harnesses)('key fetches and outages in $name', (harness) => {
  it('30 concurrent forged kids and then a valid token cost two JWKS requests (D-17)', async () => {
    const { issuer, application } = await start(harness);
    const forged = await Promise.all(Array.from({ length: 30 }, () => issuer.bad.forgedKid()));
    const refused = await Promise.all(forged.map((token) => application.send(bearer(token))));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    expect(issuer.requests.count('jwks')).toBe(2);
  });

  it('30 forged kids one after the other and then a valid token cost two JWKS requests (D-17)', async () => {
    const { issuer, application } = await start(harness);
    for (let sent = 0; sent < 30; sent++) {
      expect((await application.send(bearer(await issuer.bad.forgedKid()))).status).toBe(401);
    }
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    expect(issuer.requests.count('jwks')).toBe(2);
  });

  it('a key that the issuer has just added is fetched for its first token (D-17) [RS-OIDC-10.1.1-a]', async () => {
    const { issuer, application } = await start(harness);
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    await issuer.keys.rotate();
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    expect(issuer.requests.count('jwks')).toBe(2);
  });

  it('an outage without cached keys is 503, without calls during the back-off (D-08)', async () => {
    const { issuer, application } = await start(harness);
    const token = await issuer.token({ expiresInSeconds: 3600 });
    issuer.faults.discovery('500');
    expect((await application.send(bearer(token))).status).toBe(503);
    const calls = issuer.requests.count('discovery');
    const duringBackOff = await application.send(bearer(token));
    expect(duringBackOff.status).toBe(503);
    expect(issuer.requests.count('discovery')).toBe(calls);
    issuer.faults.clear();
    issuer.clock.advance(Number(retryAfter(duringBackOff)));
    expect((await application.send(bearer(token))).status).toBe(200);
  });

  it('a JWKS request without a response is 503 after the timeout, for valid and forged tokens (D-19)', async () => {
    const { issuer, application } = await start(harness, { timeoutSeconds: 0.05 });
    issuer.faults.jwks('hang');
    expect((await application.send(bearer(await issuer.token()))).status).toBe(503);
    expect((await application.send(bearer(await issuer.bad.foreignSignature()))).status).toBe(503);
  });

  it('metadata of another issuer is rejected, and its keys are not fetched (D-20) [RS-8414-3.3-a]', async () => {
    const { issuer, application } = await start(harness);
    issuer.faults.discovery('wrongIssuer');
    expect((await application.send(bearer(await issuer.token()))).status).toBe(503);
    expect(issuer.requests.count('jwks')).toBe(0);
  });

  it('a redirect of the JWKS is not followed (D-21) [RS-OIDC-10.1.1-e]', async () => {
    const { issuer, application } = await start(harness);
    issuer.faults.jwks('redirect');
    expect((await application.send(bearer(await issuer.token()))).status).toBe(503);
    expect(issuer.requests.count('decoy')).toBe(0);
  });
});

describe.each(harnesses.filter((harness) => harness.usesSockets))('client disconnects in $name', (harness) => {
  it('a client that disconnects during a key fetch affects no other request, and no handler runs for it', async () => {
    const { issuer, application } = await start(harness);
    issuer.faults.jwks('slow', { delaySeconds: 0.3 });
    const socket = open((application as Running & { port: number }).port, bearer(await issuer.token()));
    await until(() => issuer.requests.count('jwks') === 1);
    socket.destroy();
    await once(socket, 'close');
    // Joins the fetch that the first request started.
    const waited = await application.send(bearer(await issuer.token()));
    expect(waited.status).toBe(200);
    expect(application.handled()).toBe(1);
    expect(issuer.requests.count('jwks')).toBe(1);
  });
});

function retryAfter({ headers }: WireResponse): string | undefined {
  return headers.find(([name]) => name === 'retry-after')?.[1];
}

/** Lets the event loop run until `happened` returns true. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve));
}
