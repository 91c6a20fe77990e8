import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessError } from '../../src/errors.js';
import { createResourceServer } from '../../src/resource-server.js';
import { audience, bearer, offlineServerOf, serverOf, verdict } from '../support-network/ask.js';

let issuer: MockIssuer;

beforeEach(async () => {
  issuer = await createMockIssuer({ alg: 'ES256' });
});

afterEach(() => issuer.close());

async function failureOf(work: Promise<void>): Promise<AccessError> {
  const failure = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (failure instanceof AccessError) return failure;
  throw new Error('rejected with no AccessError', { cause: failure });
}

describe('createResourceServer', () => {
  it('createResourceServer sends no request', async () => {
    const server = serverOf(issuer);
    await nextTurn();
    expect([issuer.requests.count('discovery'), issuer.requests.count('jwks')]).toEqual([0, 0]);
    await server.close();
  });

  it('a resource server is frozen', () => {
    expect(Object.isFrozen(serverOf(issuer))).toBe(true);
  });
});

describe('ready()', () => {
  it('ready() fetches the keys, so that the first request needs no fetch', async () => {
    const server = serverOf(issuer);
    await expect(server.ready()).resolves.toBeUndefined();
    expect(verdict(await server.check(bearer(await issuer.token())))).toBe('granted');
    await server.ready();
    expect(issuer.requests.count('jwks')).toBe(1);
    await server.close();
  });

  it('ready() rejects with an AccessError in an outage, and resolves after it (D-08)', async () => {
    const server = serverOf(issuer);
    issuer.faults.jwks('down');
    const failure = await failureOf(server.ready());
    expect(failure).toMatchObject({ code: 'keys_unavailable', status: 503 });
    expect(Number(failure.headers['Retry-After'])).toBeGreaterThanOrEqual(1);
    issuer.faults.clear();
    issuer.clock.advance(31);
    await expect(server.ready()).resolves.toBeUndefined();
    await server.close();
  });

  it('ready() rejects if one of several issuers is unreachable', async () => {
    const other = await createMockIssuer({ alg: 'ES256', clock: issuer.clock });
    const server = createResourceServer({ issuer: [issuer.issuer, other.issuer], audience, clock: issuer.clock });
    other.faults.discovery('500');
    expect((await failureOf(server.ready())).code).toBe('keys_unavailable');
    other.faults.clear();
    issuer.clock.advance(31);
    await expect(server.ready()).resolves.toBeUndefined();
    await server.close();
    await other.close();
  });

  it('ready() resolves at once with static keys', async () => {
    await expect(offlineServerOf(issuer).ready()).resolves.toBeUndefined();
  });
});

describe('close()', () => {
  it('after close() cached keys stay in use and no keys are fetched', async () => {
    const server = serverOf(issuer);
    const token = await issuer.token({ expiresInSeconds: 7200 });
    await server.ready();
    await server.close();
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    expect(verdict(await server.check(bearer(await issuer.bad.unknownKey())))).toBe('keys_unavailable');
    issuer.clock.advance(600);
    expect(verdict(await server.check(bearer(token)))).toBe('granted');
    issuer.clock.advance(3600);
    expect(verdict(await server.check(bearer(token)))).toBe('keys_unavailable');
    expect(issuer.requests.count('jwks')).toBe(1);
  });

  it('close() aborts a fetch in flight, and the request that needs it is answered with 503', async () => {
    const server = serverOf(issuer, { keys: { timeoutSeconds: 30 } });
    issuer.faults.jwks('hang');
    const waiting = server.check(bearer(await issuer.token()));
    while (issuer.requests.count('jwks') === 0) await nextTurn();
    await server.close();
    expect(verdict(await waiting)).toBe('keys_unavailable');
  });

  it('after close() before the first fetch no request is sent', async () => {
    const server = serverOf(issuer);
    await server.close();
    expect((await failureOf(server.ready())).code).toBe('keys_unavailable');
    expect([issuer.requests.count('discovery'), issuer.requests.count('jwks')]).toEqual([0, 0]);
  });

  it('close() may be called twice', async () => {
    const server = serverOf(issuer);
    await server.close();
    await expect(server.close()).resolves.toBeUndefined();
  });
});
