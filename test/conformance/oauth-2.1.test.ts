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

describe('[RS-2.1-5.2-a] what is checked of a token', () => {
  const local = where('the first of the month', () => false);

  it('nothing is wrong with this one', async () => {
    expect(await verdict(server, await issuer.token({ scope: 'read' }), { policy: scope('read') })).toBe('granted');
  });

  it('that it has not expired', async () => {
    const token = await issuer.bad.expired({ scope: 'read' });
    expect(await verdict(server, token, { policy: scope('read') })).toBe('token_expired');
  });

  it('that it is for this API', async () => {
    const token = await issuer.token({ scope: 'read', audience: 'https://other.example' });
    expect(await verdict(server, token, { policy: scope('read') })).toBe('audience_mismatch');
  });

  it('that its scope is enough', async () => {
    expect(await verdict(server, await issuer.token(), { policy: scope('read') })).toBe('scope_insufficient');
  });

  it('what the application asks beyond that', async () => {
    expect(await verdict(server, await issuer.token(), { policy: local })).toBe('claim_insufficient');
  });
});
