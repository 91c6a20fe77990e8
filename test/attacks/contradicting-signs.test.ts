import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import type { Members } from './support/jws-builder.js';
import { type Arena, jwksOf, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * An issuer that writes `typ: at+jwt` into every JWT makes ID tokens and refresh tokens look like access tokens. A claim
 * that names another kind of token refuses the token in every profile (D-33).
 */

let arena: Arena;
let servers: readonly ResourceServer[];

beforeAll(async () => {
  arena = await openArena();
  const issuer = { issuer: arena.issuer.issuer, jwks: jwksOf(arena.issuer), tokenProfile: 'jwt' } as const;
  servers = [arena.server, createResourceServer({ issuer, audience })];
});

afterAll(() => arena.close());

describe('a token with typ at+jwt and a claim that names another kind of token', () => {
  it.each<Members>([
    { token_use: 'id' },
    { token_use: 'refresh' },
    { typ: 'ID' },
    { typ: 'Refresh' },
    { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
    { token_introspection: { active: true } },
  ])('is refused with type_refused in both profiles: %j (D-33)', async (claims) => {
    for (const server of servers) {
      await expectRefused(server, arena.forge.token({ claims }), badToken('type_refused'));
    }
  });

  it.each<Members>([{}, { token_use: 'access' }, { typ: 'Bearer' }])('is accepted with %j (D-33)', async (claims) => {
    for (const server of servers) await expectAdmitted(server, arena.forge.token({ claims }));
  });
});
