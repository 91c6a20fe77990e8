import { createResourceServer, where } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audience } from '../suite/world.js';
import { acceptedAuth, jwksOf, verdict } from './ask.js';

const algorithms = ['ES256', 'RS256', 'PS256', 'Ed25519'] as const;

let issuer: MockIssuer;
let other: MockIssuer;
beforeAll(async () => {
  [issuer, other] = await Promise.all([
    createMockIssuer({ algorithms, alg: 'ES256', audience }),
    createMockIssuer({ alg: 'ES256', audience }),
  ]);
});
afterAll(() => Promise.all([issuer.close(), other.close()]));

describe('the option algorithms [RS-8725-3.2-a]', () => {
  it.each(algorithms)(
    'with only %s in the option algorithms, tokens of every other algorithm are refused',
    async (allowed) => {
      const only = { issuer: issuer.issuer, jwks: jwksOf(issuer), algorithms: [allowed] };
      const server = createResourceServer({ issuer: only, audience });
      for (const alg of algorithms) {
        const expected = alg === allowed ? 'granted' : 'algorithm_refused';
        expect(await verdict(server, await issuer.token({ alg })), alg).toBe(expected);
      }
    },
  );
});

describe('one subject of two issuers [RS-8725-3.8-b]', () => {
  it('the same subject of two issuers is two users that handlers and policies can tell apart', async () => {
    const both = [issuer, other].map((one) => ({ issuer: one.issuer, jwks: jwksOf(one) }));
    const server = createResourceServer({ issuer: both, audience });
    const tokens = [await issuer.token({ subject: 'ada' }), await other.token({ subject: 'ada' })] as const;
    const users = await Promise.all(tokens.map((token) => acceptedAuth(server, token)));
    expect(users.map(({ subject }) => subject)).toEqual(['ada', 'ada']);
    expect(users.map((auth) => auth.issuer)).toEqual([issuer.issuer, other.issuer]);
    const ours = where('ada of the first', (auth) => auth.issuer === issuer.issuer && auth.subject === 'ada');
    expect(await verdict(server, tokens[0], { policy: ours })).toBe('granted');
    expect(await verdict(server, tokens[1], { policy: ours })).toBe('claim_insufficient');
  });
});
