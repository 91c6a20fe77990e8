import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';
import { audience, bearer, verdict } from '../support-network/ask.js';
import { type Fleet, openFleet } from '../support-network/fleet.js';
import type { FrozenClock } from '../support-network/frozen-clock.js';
import { withoutJitter } from '../support-network/without-jitter.js';

withoutJitter();

let fleet: Fleet;
let clock: FrozenClock;
let issuer: MockIssuer;

beforeEach(async () => {
  fleet = await openFleet();
  ({ clock, issuer } = fleet);
});

afterEach(() => fleet.close());

const requests = () => issuer.requests.count('discovery') + issuer.requests.count('jwks');
const ask = async (server: ResourceServer<unknown>, what: string) => verdict(await server.check(bearer(what)));

describe('a server with keys.seed', () => {
  it('accepts the first token without any network', async () => {
    const seed = await fleet.snapshotOfNow();
    const asked = requests();
    const server = fleet.start({ keys: { seed } });
    expect(await ask(server, await fleet.token())).toBe('granted');
    await expect(server.ready()).resolves.toBeUndefined();
    expect(server.status()).toEqual({
      issuers: [{ issuer: issuer.issuer, keys: 'fresh', ageSeconds: 0, fetches: 0 }],
    });
    expect(requests()).toBe(asked);
  });

  it('takes what snapshot() gives as it is, too', async () => {
    const first = fleet.start();
    await first.ready();
    const asked = requests();
    expect(await ask(fleet.start({ keys: { seed: first.snapshot() } }), await fleet.token())).toBe('granted');
    expect(requests()).toBe(asked);
  });

  it('hands on the same snapshot: a set does not become younger from process to process', async () => {
    const seed = await fleet.snapshotOfNow();
    clock.advance(300);
    expect(fleet.start({ keys: { seed } }).snapshot()).toEqual(seed);
  });

  it.each<[string, number, number]>([
    ['at hand', 0, 0],
    ['at hand', 479.999, 0],
    ['at hand and due', 480, 1],
    ['at hand and due', 599.999, 1],
  ])('D-16: is %s after %d s', async (_, seconds, fetches) => {
    const seed = await fleet.snapshotOfNow();
    clock.advance(seconds);
    issuer.faults.jwks('hang');
    const server = fleet.start({ keys: { seed } });
    expect(await ask(server, await fleet.token())).toBe('granted');
    expect(server.status().issuers).toMatchObject([{ keys: 'fresh', ageSeconds: seconds, fetches }]);
  });

  it('[RS-OIDC-10.1.1-c] past its time asks first: a key that was withdrawn since is dead', async () => {
    const seed = await fleet.snapshotOfNow();
    const old = await fleet.token();
    issuer.keys.withdraw((await issuer.keys.current()).kid);
    clock.advance(600);
    const server = fleet.start({ keys: { seed } });
    expect(server.status().issuers).toMatchObject([{ keys: 'stale', fetches: 0 }]);
    expect(await ask(server, old)).toBe('key_unknown');
    expect(await ask(server, await fleet.token())).toBe('granted');
  });

  it.each([600, 4199.999])(
    '[RS-OIDC-10.1.1-d] D-18: after %d s serves, but only while the issuer is out of reach',
    async (seconds) => {
      const seed = await fleet.snapshotOfNow();
      clock.advance(seconds);
      issuer.faults.jwks('down');
      const server = fleet.start({ keys: { seed } });
      expect(await ask(server, await fleet.token())).toBe('granted');
      expect(await ask(server, await issuer.bad.unknownKey())).toBe('keys_unavailable');
      expect(server.status().issuers).toMatchObject([{ keys: 'stale', lastError: expect.any(String) }]);
    },
  );

  it('[RS-OIDC-10.1.1-d] D-18: too old is as good as none', async () => {
    const seed = await fleet.snapshotOfNow();
    clock.advance(4200);
    issuer.faults.jwks('down');
    const server = fleet.start({ keys: { seed } });
    expect(server.status()).toEqual({ issuers: [{ issuer: issuer.issuer, keys: 'none', fetches: 0 }] });
    expect(await ask(server, await fleet.token())).toBe('keys_unavailable');
  });

  it('D-17: finds a key that is newer than the snapshot with one fetch', async () => {
    const seed = await fleet.snapshotOfNow();
    const asked = issuer.requests.count('jwks');
    await issuer.keys.rotate();
    const server = fleet.start({ keys: { seed } });
    expect(await ask(server, await fleet.token())).toBe('granted');
    expect(issuer.requests.count('jwks')).toBe(asked + 1);
  });

  it('for issuers that are not trusted trusts them no more', async () => {
    const other = await createMockIssuer({ alg: 'ES256', audience, clock });
    const seed = {
      version: 1 as const,
      issuers: [{ ...(await fleet.snapshotOfNow()).issuers[0], issuer: other.issuer }],
    };
    const server = fleet.start({ keys: { seed: JSON.parse(JSON.stringify(seed)) } });
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
    expect(await ask(server, await fleet.token())).toBe('granted');
    expect(await ask(server, await other.token())).toBe('granted');
    expect(server.status().issuers.map((one) => [one.issuer, one.fetches])).toEqual([
      [issuer.issuer, 0],
      [other.issuer, 0],
    ]);
    for (const one of [both, server, other]) await one.close();
  });
});
