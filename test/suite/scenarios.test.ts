import { once } from 'node:events';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, describe, expect, it } from 'vitest';
import type { Harness, Running, WireResponse } from './harness.js';
import { harnesses } from './harnesses/index.js';
import { withAuthorization } from './suite-case.js';
import { open } from './wire.js';
import { audience } from './world.js';

/*
 * Laws that take more than one request. Every scenario has an issuer and an application of its own,
 * so that their keys are cold.
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

describe.each(harnesses)('$name', (harness) => {
  it('D-17: 30 forged kids on a cold cache and then a good token: it is admitted, two JWKS requests in all', async () => {
    const { issuer, application } = await start(harness);
    const forged = await Promise.all(Array.from({ length: 30 }, () => issuer.bad.forgedKid()));
    const refused = await Promise.all(forged.map((token) => application.send(bearer(token))));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    expect(issuer.requests.count('jwks')).toBe(2);
  });

  it('D-17: 30 forged kids one after the other cost no more', async () => {
    const { issuer, application } = await start(harness);
    for (let sent = 0; sent < 30; sent++) {
      expect((await application.send(bearer(await issuer.bad.forgedKid()))).status).toBe(401);
    }
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    expect(issuer.requests.count('jwks')).toBe(2);
  });

  it('[RS-OIDC-10.1.1-a] D-17: a key that the issuer has just added is found by its first token', async () => {
    const { issuer, application } = await start(harness);
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    await issuer.keys.rotate();
    expect((await application.send(bearer(await issuer.token()))).status).toBe(200);
    expect(issuer.requests.count('jwks')).toBe(2);
  });

  it('D-08: an outage on a cold cache is 503 at once during back-off, and over when the issuer is back', async () => {
    const { issuer, application } = await start(harness);
    const token = await issuer.token({ expiresInSeconds: 3600 });
    issuer.faults.discovery('500');
    expect((await application.send(bearer(token))).status).toBe(503);
    const asked = issuer.requests.count('discovery');
    const duringBackOff = await application.send(bearer(token));
    expect(duringBackOff.status).toBe(503);
    expect(issuer.requests.count('discovery')).toBe(asked);
    issuer.faults.clear();
    issuer.clock.advance(Number(retryAfter(duringBackOff)));
    expect((await application.send(bearer(token))).status).toBe(200);
  });

  it('D-19: keys that never come are 503, and no forged token profits', async () => {
    const { issuer, application } = await start(harness, { timeoutSeconds: 0.05 });
    issuer.faults.jwks('hang');
    expect((await application.send(bearer(await issuer.token()))).status).toBe(503);
    expect((await application.send(bearer(await issuer.bad.foreignSignature()))).status).toBe(503);
  });

  it('[RS-8414-3.3-a] D-20: metadata of another issuer is worth nothing, its keys are not fetched', async () => {
    const { issuer, application } = await start(harness);
    issuer.faults.discovery('wrongIssuer');
    expect((await application.send(bearer(await issuer.token()))).status).toBe(503);
    expect(issuer.requests.count('jwks')).toBe(0);
  });

  it('[RS-OIDC-10.1.1-e] D-21: a redirect is not followed', async () => {
    const { issuer, application } = await start(harness);
    issuer.faults.jwks('redirect');
    expect((await application.send(bearer(await issuer.token()))).status).toBe(503);
    expect(issuer.requests.count('decoy')).toBe(0);
  });
});

describe.each(harnesses.filter((harness) => harness.usesSockets))('$name, over sockets', (harness) => {
  it('a client that goes away during a key fetch harms nobody, and no handler runs', async () => {
    const { issuer, application } = await start(harness);
    issuer.faults.jwks('slow', { delaySeconds: 0.3 });
    const socket = open((application as Running & { port: number }).port, bearer(await issuer.token()));
    await until(() => issuer.requests.count('jwks') === 1);
    socket.destroy();
    await once(socket, 'close');
    // Joins the fetch that the other one started.
    const waited = await application.send(bearer(await issuer.token()));
    expect(waited.status).toBe(200);
    expect(application.handled()).toBe(1);
    expect(issuer.requests.count('jwks')).toBe(1);
  });
});

function retryAfter({ headers }: WireResponse): string | undefined {
  return headers.find(([name]) => name === 'retry-after')?.[1];
}

/** Gives the event loop turns until something is seen to have happened. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve));
}
