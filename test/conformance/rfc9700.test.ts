import { createResourceServer, type ResourceServer, where } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderDenial } from '../../packages/core/src/challenge/render-denial.js';
import { accessErrorCodes } from '../../packages/core/src/errors.js';
import { Refusal } from '../../packages/core/src/model/refusal.js';
import { audience } from '../suite/world.js';
import { admitted, jwksOf, verdict } from './ask.js';

let issuer: MockIssuer;
let server: ResourceServer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
  server = createResourceServer({ issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, audience });
});
afterAll(() => issuer.close());

describe('[RS-9700-4.15-a] a token that a client got for itself', () => {
  const person = where('a person', ({ subject, clientId }) => subject !== clientId);

  it('names the client twice, and a person and a client under one name are not one', async () => {
    const machine = await admitted(server, await issuer.token({ subject: 'web', clientId: 'web' }));
    expect([machine.subject, machine.clientId]).toEqual(['web', 'web']);
    const user = await admitted(server, await issuer.token({ subject: 'ada', clientId: 'web' }));
    expect([user.subject, user.clientId]).toEqual(['ada', 'web']);
  });

  it('is refused where a person is needed', async () => {
    const machine = await issuer.token({ subject: 'web', clientId: 'web' });
    expect(await verdict(server, machine, { policy: person })).toBe('claim_insufficient');
    expect(await verdict(server, machine)).toBe('granted');
    expect(await verdict(server, await issuer.token({ subject: 'ada', clientId: 'web' }), { policy: person })).toBe(
      'granted',
    );
  });
});

describe('[RS-9700-4.12-a] no answer sends a request elsewhere', () => {
  it.each(accessErrorCodes)('%s', (code) => {
    const { status, headers } = renderDenial(new Refusal(code), ['read'], { realm: 'api' });
    expect(status).toBeOneOf([400, 401, 403, 500, 503]);
    expect(headers.map(([name]) => name.toLowerCase())).not.toContain('location');
  });

  it('and neither does an admission', async () => {
    const request = { method: 'GET', url: '/', rawHeaders: ['Authorization', `Bearer ${await issuer.token()}`] };
    expect(await server.check(request)).toMatchObject({ granted: true, headers: [] });
  });
});
