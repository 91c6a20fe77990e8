import { createResourceServer, type ResourceServer, scope, where } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audience } from '../suite/world.js';
import { jwksOf, verdict } from './ask.js';

let issuer: MockIssuer;
let server: ResourceServer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  server = createResourceServer({ issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, audience });
});
afterAll(() => issuer.close());

describe('the checks of an access token [RS-2.1-5.2-a]', () => {
  const local = where('the first of the month', () => false);

  it('a token that passes every check is accepted', async () => {
    expect(await verdict(server, await issuer.token({ scope: 'read' }), { policy: scope('read') })).toBe('granted');
  });

  it('an expired token is rejected', async () => {
    const token = await issuer.bad.expired({ scope: 'read' });
    expect(await verdict(server, token, { policy: scope('read') })).toBe('token_expired');
  });

  it('a token for another API is rejected', async () => {
    const token = await issuer.token({ scope: 'read', audience: 'https://other.example' });
    expect(await verdict(server, token, { policy: scope('read') })).toBe('audience_mismatch');
  });

  it('a token without the required scope is rejected', async () => {
    expect(await verdict(server, await issuer.token(), { policy: scope('read') })).toBe('scope_insufficient');
  });

  it('a token that does not satisfy the local policy of the application is rejected', async () => {
    expect(await verdict(server, await issuer.token(), { policy: local })).toBe('claim_insufficient');
  });
});
