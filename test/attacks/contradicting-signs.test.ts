import { createResourceServer, type ResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import type { Members } from './support/jws-builder.js';
import { type Fixture, jwksOf, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * An issuer that writes `typ: at+jwt` into every JWT makes ID tokens and refresh tokens look like
 * access tokens. A claim that names another kind of token refuses the token in every profile
 * (D-33).
 */

let fixture: Fixture;
let servers: readonly ResourceServer[];

beforeAll(async () => {
  fixture = await openFixture();
  const issuer = { issuer: fixture.issuer.issuer, jwks: jwksOf(fixture.issuer), tokenProfile: 'jwt' } as const;
  servers = [fixture.server, createResourceServer({ issuer, audience })];
});

afterAll(() => fixture.close());

describe('a claim that contradicts typ at+jwt', () => {
  it.each<Members>([
    { token_use: 'id' },
    { token_use: 'refresh' },
    { typ: 'ID' },
    { typ: 'Refresh' },
    { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
    { token_introspection: { active: true } },
  ])('a token with typ at+jwt and the claims %j is refused in both profiles (D-33)', async (claims) => {
    for (const server of servers) {
      await expectRefused(server, fixture.forge.token({ claims }), badToken('type_refused'));
    }
  });

  it.each<Members>([{}, { token_use: 'access' }, { typ: 'Bearer' }])(
    'a token with typ at+jwt and the claims %j is accepted (D-33)',
    async (claims) => {
      for (const server of servers) await expectAccepted(server, fixture.forge.token({ claims }));
    },
  );
});
