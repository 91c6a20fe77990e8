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

const ask = async (server: ResourceServer<unknown>, what: string) => verdict(await server.check(bearer(what)));

describe('a snapshot', () => {
  it('is plain data: the keys of each issuer as they were served, when, and for how long', async () => {
    expect(await fleet.snapshotOfNow()).toEqual({
      version: 1,
      issuers: [
        { issuer: issuer.issuer, fetchedAt: clock.now(), freshSeconds: expect.any(Number), jwks: jwksOf(issuer) },
      ],
    });
  });

  it('taken later is of the same moment', async () => {
    const server = fleet.start();
    await server.ready();
    const fetchedAt = clock.now();
    clock.advance(300);
    expect(server.snapshot().issuers).toMatchObject([{ fetchedAt }]);
  });

  it('of a server that has fetched nothing has nobody', () => {
    expect(fleet.start().snapshot()).toEqual({ version: 1, issuers: [] });
  });

  it('has no issuer whose keys were given', () => {
    expect(offlineServerOf(issuer).snapshot()).toEqual({ version: 1, issuers: [] });
  });

  it('cannot be changed', async () => {
    const server = fleet.start();
    await server.ready();
    const snapshot = server.snapshot();
    const [one] = snapshot.issuers;
    for (const part of [snapshot, snapshot.issuers, one, one?.jwks]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('contains no secret, even where the issuer has published one', async () => {
    const [jwk] = jwksOf(issuer).keys;
    const published = {
      keys: [jwk, { ...jwk, kid: 'private', d: 's3cret' }, { kty: 'oct', kid: 'shared', k: 's3cret' }],
    };
    const keys = await scriptedServer((socket) => socket.write(answer(200, {}, JSON.stringify(published))));
    const server = fleet.start({ issuer: { issuer: issuer.issuer, jwksUri: `${keys.origin}/jwks` } });
    expect(await ask(server, await fleet.token())).toBe('granted');
    expect(JSON.stringify(server.snapshot())).not.toContain('s3cret');
    expect(server.snapshot().issuers).toMatchObject([{ jwks: { keys: [jwk] } }]);
    await keys.close();
  });
});

describe('a clock that goes back 1 h', () => {
  it('does not extend the time of a set: intervals are measured on the other hand', async () => {
    let shift = 0;
    const crooked = { now: () => clock.now() - shift, monotonic: () => clock.monotonic() };
    const server = fleet.start({ clock: crooked });
    const good = await fleet.token();
    await server.ready();
    issuer.keys.withdraw((await issuer.keys.current()).kid);
    shift = 3_600_000;
    clock.advance(599.999);
    expect(server.status().issuers).toMatchObject([{ keys: 'fresh', ageSeconds: 599.999 }]);
    clock.advance(0.001);
    expect(server.status().issuers).toMatchObject([{ keys: 'stale', ageSeconds: 600 }]);
    expect(await ask(server, good)).not.toBe('granted');
  });

  it('does not let a snapshot of an hour ahead stay young for ever: it is none', async () => {
    const seed = await fleet.snapshotOfNow();
    const back = { now: () => clock.now() - 3_600_000, monotonic: () => clock.monotonic() };
    const server = fleet.start({ clock: back, keys: { seed } });
    expect(server.status().issuers).toMatchObject([{ keys: 'none' }]);
  });

  it('by minutes makes a snapshot no younger than one of now', async () => {
    const seed = await fleet.snapshotOfNow();
    const back = { now: () => clock.now() - 299_000, monotonic: () => clock.monotonic() };
    issuer.faults.jwks('hang');
    const server = fleet.start({ clock: back, keys: { seed } });
    expect(server.status().issuers).toMatchObject([{ keys: 'fresh', ageSeconds: 0 }]);
    clock.advance(600);
    expect(server.status().issuers).toMatchObject([{ keys: 'stale', ageSeconds: 600 }]);
  });
});

describe('rotation with overlap, under load', () => {
  it('D-16, D-17: no request fails, whether its key is old, new, or on its way', async () => {
    const server = fleet.start();
    const tokens = [await fleet.token()];
    for (let round = 0; round < 6; round++) {
      await issuer.keys.rotate();
      tokens.push(await fleet.token());
      const load = Array.from({ length: 120 }, (_, at) => ask(server, tokens[at % tokens.length] ?? ''));
      await nextTurn();
      expect(new Set(await Promise.all(load))).toEqual(new Set(['granted']));
      clock.advance(200);
    }
  });
});
