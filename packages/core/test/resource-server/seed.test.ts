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
const verdictOn = async (server: ResourceServer<unknown>, what: string) => verdict(await server.check(bearer(what)));

describe('a server with keys.seed', () => {
  it('with keys.seed the first token is granted without a network request', async () => {
    const seed = await fleet.snapshotOfNow();
    const before = requests();
    const server = fleet.start({ keys: { seed } });
    expect(await verdictOn(server, await fleet.token())).toBe('granted');
    await expect(server.ready()).resolves.toBeUndefined();
    expect(server.status()).toEqual({
      issuers: [{ issuer: issuer.issuer, keys: 'fresh', ageSeconds: 0, fetches: 0 }],
    });
    expect(requests()).toBe(before);
  });

  it('keys.seed accepts a snapshot object without a JSON round trip', async () => {
    const first = fleet.start();
    await first.ready();
    const before = requests();
    expect(await verdictOn(fleet.start({ keys: { seed: first.snapshot() } }), await fleet.token())).toBe('granted');
    expect(requests()).toBe(before);
  });

  it('a snapshot of a seeded server equals its seed: key sets do not become younger', async () => {
    const seed = await fleet.snapshotOfNow();
    clock.advance(300);
    expect(fleet.start({ keys: { seed } }).snapshot()).toEqual(seed);
  });

  it.each<[string, number, number]>([
    ['fresh', 0, 0],
    ['fresh', 479.999, 0],
    ['fresh and due for a refresh', 480, 1],
    ['fresh and due for a refresh', 599.999, 1],
  ])('seeded keys are %s after %d s (D-16)', async (_, seconds, fetches) => {
    const seed = await fleet.snapshotOfNow();
    clock.advance(seconds);
    issuer.faults.jwks('hang');
    const server = fleet.start({ keys: { seed } });
    expect(await verdictOn(server, await fleet.token())).toBe('granted');
    expect(server.status().issuers).toMatchObject([{ keys: 'fresh', ageSeconds: seconds, fetches }]);
  });

  it('stale seeded keys are fetched first, so a withdrawn key is refused [RS-OIDC-10.1.1-c]', async () => {
    const seed = await fleet.snapshotOfNow();
    const old = await fleet.token();
    issuer.keys.withdraw((await issuer.keys.current()).kid);
    clock.advance(600);
    const server = fleet.start({ keys: { seed } });
    expect(server.status().issuers).toMatchObject([{ keys: 'stale', fetches: 0 }]);
    expect(await verdictOn(server, old)).toBe('key_unknown');
    expect(await verdictOn(server, await fleet.token())).toBe('granted');
  });

  it.each([600, 4199.999])(
    'seeded keys of %d s are used only while the issuer is unreachable (D-18) [RS-OIDC-10.1.1-d]',
    async (seconds) => {
      const seed = await fleet.snapshotOfNow();
      clock.advance(seconds);
      issuer.faults.jwks('down');
      const server = fleet.start({ keys: { seed } });
      expect(await verdictOn(server, await fleet.token())).toBe('granted');
      expect(await verdictOn(server, await issuer.bad.unknownKey())).toBe('keys_unavailable');
      expect(server.status().issuers).toMatchObject([{ keys: 'stale', lastError: expect.any(String) }]);
    },
  );

  it('seeded keys that are too old are not used (D-18) [RS-OIDC-10.1.1-d]', async () => {
    const seed = await fleet.snapshotOfNow();
    clock.advance(4200);
    issuer.faults.jwks('down');
    const server = fleet.start({ keys: { seed } });
    expect(server.status()).toEqual({ issuers: [{ issuer: issuer.issuer, keys: 'none', fetches: 0 }] });
    expect(await verdictOn(server, await fleet.token())).toBe('keys_unavailable');
  });

  it('a key that is newer than the seed is found with one fetch (D-17)', async () => {
    const seed = await fleet.snapshotOfNow();
    const before = issuer.requests.count('jwks');
    await issuer.keys.rotate();
    const server = fleet.start({ keys: { seed } });
    expect(await verdictOn(server, await fleet.token())).toBe('granted');
    expect(issuer.requests.count('jwks')).toBe(before + 1);
  });

  it('a seed for an untrusted issuer does not make it trusted', async () => {
    const other = await createMockIssuer({ alg: 'ES256', audience, clock });
    const seed = {
      version: 1 as const,
      issuers: [{ ...(await fleet.snapshotOfNow()).issuers[0], issuer: other.issuer }],
    };
    const server = fleet.start({ keys: { seed: JSON.parse(JSON.stringify(seed)) } });
    expect(await verdictOn(server, await other.token())).toBe('issuer_untrusted');
    expect(server.status().issuers).toMatchObject([{ issuer: issuer.issuer, keys: 'none' }]);
    await other.close();
  });

  it('seeded keys of one issuer are not used for another', async () => {
    const other = await createMockIssuer({ alg: 'ES256', audience, clock });
    const both = createResourceServer({ issuer: [other.issuer, issuer.issuer], audience, clock });
    await both.ready();
    const seed = both.snapshot();
    expect(seed.issuers.map((one) => one.issuer)).toEqual([other.issuer, issuer.issuer]);
    const server = createResourceServer({ issuer: [issuer.issuer, other.issuer], audience, clock, keys: { seed } });
    expect(await verdictOn(server, await fleet.token())).toBe('granted');
    expect(await verdictOn(server, await other.token())).toBe('granted');
    expect(server.status().issuers.map((one) => [one.issuer, one.fetches])).toEqual([
      [issuer.issuer, 0],
      [other.issuer, 0],
    ]);
    for (const one of [both, server, other]) await one.close();
  });
});
