import { createResourceServer, type StandardSchema } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audience } from '../suite/world.js';
import { jwksOf, verdict } from './ask.js';

let issuer: MockIssuer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});
afterAll(() => issuer.close());

describe('a token for several audiences [RS-8707-2-c]', () => {
  const forMany = () => issuer.token({ audience: ['https://other.example', audience] });

  it('a token for several audiences is accepted when one of them is this API', async () => {
    const server = createResourceServer({ issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, audience });
    expect(await verdict(server, await forMany())).toBe('granted');
    expect(await verdict(server, await issuer.token({ audience: ['https://other.example'] }))).toBe(
      'audience_mismatch',
    );
  });

  it('a claims schema can reject a token for several audiences', async () => {
    const claims: StandardSchema<unknown> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          [(value as { aud: unknown }).aud].flat().length === 1
            ? { value }
            : { issues: [{ message: 'for others too' }] },
      },
    };
    const issuers = { issuer: issuer.issuer, jwks: jwksOf(issuer) };
    const server = createResourceServer({ issuer: issuers, audience, claims });
    expect(await verdict(server, await forMany())).toBe('claims_refused');
    expect(await verdict(server, await issuer.token())).toBe('granted');
  });
});
