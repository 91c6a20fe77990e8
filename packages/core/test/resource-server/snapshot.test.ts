import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MockIssuer } from '@resource-server/mock-issuer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceServer } from '../../src/resource-server.js';
import { bearer, jwksOf, offlineServerOf, verdict } from '../support-network/ask.js';
import { type Fleet, openFleet } from '../support-network/fleet.js';
import type { FrozenClock } from '../support-network/frozen-clock.js';
import { answer, scriptedServer } from '../support-network/scripted-server.js';
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

const verdictOn = async (server: ResourceServer<unknown>, what: string) => verdict(await server.check(bearer(what)));

describe('a snapshot', () => {
  it('a snapshot contains the key set of each issuer, when it was fetched and how long it is fresh', async () => {
    expect(await fleet.snapshotOfNow()).toEqual({
      version: 1,
      issuers: [
        { issuer: issuer.issuer, fetchedAt: clock.now(), freshSeconds: expect.any(Number), jwks: jwksOf(issuer) },
      ],
    });
  });

  it('a later snapshot has the same fetch time', async () => {
    const server = fleet.start();
    await server.ready();
    const fetchedAt = clock.now();
    clock.advance(300);
    expect(server.snapshot().issuers).toMatchObject([{ fetchedAt }]);
  });

  it('a snapshot of a server that has fetched nothing is empty', () => {
    expect(fleet.start().snapshot()).toEqual({ version: 1, issuers: [] });
  });

  it('a snapshot does not contain static keys', () => {
    expect(offlineServerOf(issuer).snapshot()).toEqual({ version: 1, issuers: [] });
  });

  it('a snapshot is deep-frozen', async () => {
    const server = fleet.start();
    await server.ready();
    const snapshot = server.snapshot();
    const [one] = snapshot.issuers;
    for (const part of [snapshot, snapshot.issuers, one, one?.jwks]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('a snapshot contains no private or symmetric key, even if the issuer published one', async () => {
    const [jwk] = jwksOf(issuer).keys;
    const published = {
      keys: [jwk, { ...jwk, kid: 'private', d: 's3cret' }, { kty: 'oct', kid: 'shared', k: 's3cret' }],
    };
    const keys = await scriptedServer((socket) => socket.write(answer(200, {}, JSON.stringify(published))));
    const server = fleet.start({ issuer: { issuer: issuer.issuer, jwksUri: `${keys.origin}/jwks` } });
    expect(await verdictOn(server, await fleet.token())).toBe('granted');
    expect(JSON.stringify(server.snapshot())).not.toContain('s3cret');
    expect(server.snapshot().issuers).toMatchObject([{ jwks: { keys: [jwk] } }]);
    await keys.close();
  });
});

describe('a wall clock that is set back one hour', () => {
  it('a wall clock that is set back does not extend the time of a key set', async () => {
    let shift = 0;
    const shifted = { now: () => clock.now() - shift, monotonic: () => clock.monotonic() };
    const server = fleet.start({ clock: shifted });
    const good = await fleet.token();
    await server.ready();
    issuer.keys.withdraw((await issuer.keys.current()).kid);
    shift = 3_600_000;
    clock.advance(599.999);
    expect(server.status().issuers).toMatchObject([{ keys: 'fresh', ageSeconds: 599.999 }]);
    clock.advance(0.001);
    expect(server.status().issuers).toMatchObject([{ keys: 'stale', ageSeconds: 600 }]);
    expect(await verdictOn(server, good)).not.toBe('granted');
  });

  it('a snapshot from an hour in the future is not used', async () => {
    const seed = await fleet.snapshotOfNow();
    const back = { now: () => clock.now() - 3_600_000, monotonic: () => clock.monotonic() };
    const server = fleet.start({ clock: back, keys: { seed } });
    expect(server.status().issuers).toMatchObject([{ keys: 'none' }]);
  });

  it('a snapshot from minutes in the future has the age 0', async () => {
    const seed = await fleet.snapshotOfNow();
    const back = { now: () => clock.now() - 299_000, monotonic: () => clock.monotonic() };
    issuer.faults.jwks('hang');
    const server = fleet.start({ clock: back, keys: { seed } });
    expect(server.status().issuers).toMatchObject([{ keys: 'fresh', ageSeconds: 0 }]);
    clock.advance(600);
    expect(server.status().issuers).toMatchObject([{ keys: 'stale', ageSeconds: 600 }]);
  });
});

describe('key rotation under load', () => {
  it('no request fails during rotation, with an old, a new or a pending key (D-16, D-17)', async () => {
    const server = fleet.start();
    const tokens = [await fleet.token()];
    for (let round = 0; round < 6; round++) {
      await issuer.keys.rotate();
      tokens.push(await fleet.token());
      const load = Array.from({ length: 120 }, (_, at) => verdictOn(server, tokens[at % tokens.length] ?? ''));
      await nextTurn();
      expect(new Set(await Promise.all(load))).toEqual(new Set(['granted']));
      clock.advance(200);
    }
  });
});
