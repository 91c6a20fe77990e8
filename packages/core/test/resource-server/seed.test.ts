import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeySnapshot } from '../../src/model/ports.js';
import type { KeyOptions } from '../../src/options/resource-server-options.js';
import type { ResourceServer } from '../../src/resource-server.js';
import { createResourceServer } from '../../src/resource-server.js';
import { audience, bearer, serverOf, verdict } from '../support-network/ask.js';
import { type FrozenClock, frozenClock } from '../support-network/frozen-clock.js';

let clock: FrozenClock;
let issuer: MockIssuer;
const servers: ResourceServer<unknown>[] = [];

beforeEach(async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  clock = frozenClock();
  issuer = await createMockIssuer({ alg: 'ES256', audience, clock });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await issuer.close();
});

function started(keys: KeyOptions = {}): ResourceServer<unknown> {
  const server = serverOf(issuer, { keys });
  servers.push(server);
  return server;
}

/** What a process that has fetched its keys now hands to the next, through JSON. */
async function snapshotOfNow(): Promise<KeySnapshot> {
  const server = started();
  await server.ready();
  return JSON.parse(JSON.stringify(server.snapshot()));
}

const requests = () => issuer.requests.count('discovery') + issuer.requests.count('jwks');
const token = () => issuer.token({ expiresInSeconds: 7200 });
const ask = async (server: ResourceServer<unknown>, what: string) => verdict(await server.check(bearer(what)));

describe('a server with keys.seed', () => {
  it('accepts the first token without any network', async () => {
    const seed = await snapshotOfNow();
    const asked = requests();
    const server = started({ seed });
    expect(await ask(server, await token())).toBe('granted');
    await expect(server.ready()).resolves.toBeUndefined();
    expect(server.status()).toEqual({
      issuers: [{ issuer: issuer.issuer, keys: 'fresh', ageSeconds: 0, fetches: 0 }],
    });
    expect(requests()).toBe(asked);
  });

  it('takes what snapshot() gives as it is, too', async () => {
    const first = started();
    await first.ready();
    const asked = requests();
    expect(await ask(started({ seed: first.snapshot() }), await token())).toBe('granted');
    expect(requests()).toBe(asked);
  });

  it('hands on the same snapshot: a set does not become younger from process to process', async () => {
    const seed = await snapshotOfNow();
    clock.advance(300);
    expect(started({ seed }).snapshot()).toEqual(seed);
  });

  it.each<[string, number, number]>([
    ['at hand', 0, 0],
    ['at hand', 479.999, 0],
    ['at hand and due', 480, 1],
    ['at hand and due', 599.999, 1],
  ])('D-16: is %s after %d s', async (_, seconds, fetches) => {
    const seed = await snapshotOfNow();
    clock.advance(seconds);
    issuer.faults.jwks('hang');
    const server = started({ seed });
    expect(await ask(server, await token())).toBe('granted');
    expect(server.status().issuers).toMatchObject([{ keys: 'fresh', ageSeconds: seconds, fetches }]);
  });

  it('[RS-OIDC-10.1.1-c] past its time asks first: a key that was withdrawn since is dead', async () => {
    const seed = await snapshotOfNow();
    const old = await token();
    issuer.keys.withdraw((await issuer.keys.current()).kid);
    clock.advance(600);
    const server = started({ seed });
    expect(server.status().issuers).toMatchObject([{ keys: 'stale', fetches: 0 }]);
    expect(await ask(server, old)).toBe('key_unknown');
    expect(await ask(server, await token())).toBe('granted');
  });

  it.each([600, 4199.999])(
    '[RS-OIDC-10.1.1-d] D-18: after %d s serves, but only while the issuer is out of reach',
    async (seconds) => {
      const seed = await snapshotOfNow();
      clock.advance(seconds);
      issuer.faults.jwks('down');
      const server = started({ seed });
      expect(await ask(server, await token())).toBe('granted');
      expect(await ask(server, await issuer.bad.unknownKey())).toBe('keys_unavailable');
      expect(server.status().issuers).toMatchObject([{ keys: 'stale', lastError: expect.any(String) }]);
    },
  );

  it('[RS-OIDC-10.1.1-d] D-18: too old is as good as none', async () => {
    const seed = await snapshotOfNow();
    clock.advance(4200);
    issuer.faults.jwks('down');
    const server = started({ seed });
    expect(server.status()).toEqual({ issuers: [{ issuer: issuer.issuer, keys: 'none', fetches: 0 }] });
    expect(await ask(server, await token())).toBe('keys_unavailable');
  });

  it('D-17: finds a key that is newer than the snapshot with one fetch', async () => {
    const seed = await snapshotOfNow();
    const asked = issuer.requests.count('jwks');
    await issuer.keys.rotate();
    const server = started({ seed });
    expect(await ask(server, await token())).toBe('granted');
    expect(issuer.requests.count('jwks')).toBe(asked + 1);
  });

  it('for issuers that are not trusted trusts them no more', async () => {
    const other = await createMockIssuer({ alg: 'ES256', audience, clock });
    const seed = { version: 1 as const, issuers: [{ ...(await snapshotOfNow()).issuers[0], issuer: other.issuer }] };
    const server = started({ seed: JSON.parse(JSON.stringify(seed)) });
    expect(await ask(server, await other.token())).toBe('issuer_untrusted');
    expect(server.status().issuers).toMatchObject([{ issuer: issuer.issuer, keys: 'none' }]);
    await other.close();
  });

  it('knows its issuers apart: the keys of one open nothing of the other', async () => {
    const other = await createMockIssuer({ alg: 'ES256', audience, clock });
    const both = createResourceServer({ issuer: [other.issuer, issuer.issuer], audience, clock });
    await both.ready();
    const seed = both.snapshot();
    expect(seed.issuers.map((one) => one.issuer)).toEqual([other.issuer, issuer.issuer]);
    const server = createResourceServer({ issuer: [issuer.issuer, other.issuer], audience, clock, keys: { seed } });
    expect(await ask(server, await token())).toBe('granted');
    expect(await ask(server, await other.token())).toBe('granted');
    expect(server.status().issuers.map((one) => [one.issuer, one.fetches])).toEqual([
      [issuer.issuer, 0],
      [other.issuer, 0],
    ]);
    for (const one of [both, server, other]) await one.close();
  });
});
