import { createResourceServer, type ResourceServer, where } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderDenial } from '../../packages/core/src/challenge/render-denial.js';
import { accessErrorCodes } from '../../packages/core/src/errors.js';
import { Refusal } from '../../packages/core/src/model/refusal.js';
import { audience } from '../suite/world.js';
import { acceptedAuth, jwksOf, verdict } from './ask.js';

let issuer: MockIssuer;
let server: ResourceServer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  server = createResourceServer({ issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, audience });
});
afterAll(() => issuer.close());

describe('a token that a client got for itself [RS-9700-4.15-a]', () => {
  const person = where('a person', ({ subject, clientId }) => subject !== clientId);

  it('subject and clientId are equal in a token of a client, and differ in a token of a user', async () => {
    const machine = await acceptedAuth(server, await issuer.token({ subject: 'web', clientId: 'web' }));
    expect([machine.subject, machine.clientId]).toEqual(['web', 'web']);
    const user = await acceptedAuth(server, await issuer.token({ subject: 'ada', clientId: 'web' }));
    expect([user.subject, user.clientId]).toEqual(['ada', 'web']);
  });

  it('a policy can require a user, so that a token of a client is refused', async () => {
    const machine = await issuer.token({ subject: 'web', clientId: 'web' });
    expect(await verdict(server, machine, { policy: person })).toBe('claim_insufficient');
    expect(await verdict(server, machine)).toBe('granted');
    expect(await verdict(server, await issuer.token({ subject: 'ada', clientId: 'web' }), { policy: person })).toBe(
      'granted',
    );
  });
});

describe('responses without a redirect [RS-9700-4.12-a]', () => {
  it.each(accessErrorCodes)('the refusal with %s contains no Location header', (code) => {
    const { status, headers } = renderDenial(new Refusal(code), ['read'], { realm: 'api' });
    expect(status).toBeOneOf([400, 401, 403, 500, 503]);
    expect(headers.map(([name]) => name.toLowerCase())).not.toContain('location');
  });

  it('an accepted request gets no headers from the resource server', async () => {
    const request = { method: 'GET', url: '/', rawHeaders: ['Authorization', `Bearer ${await issuer.token()}`] };
    expect(await server.check(request)).toMatchObject({ granted: true, headers: [] });
  });
});
