import { createResourceServer } from '@resource-server/core';
import { createMockIssuer } from '@resource-server/mock-issuer';
import { expect, it } from 'vitest';
import { audience } from '../suite/world.js';
import { bearer, jwksOf } from './ask.js';

it('an unknown key, an invalid signature and an unknown issuer give the same response [RS-9457-6-a]', async () => {
  const issuer = await createMockIssuer({ alg: 'ES256', audience });
  const server = createResourceServer({ issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, audience });
  const { unknownKey, forgedKid, foreignSignature, tampered, wrongIssuer, wrongAudience, algNone } = issuer.bad;
  const tokens = await Promise.all(
    [unknownKey, forgedKid, foreignSignature, tampered, wrongIssuer, wrongAudience, algNone].map((make) => make()),
  );
  const decisions = await Promise.all(tokens.map((token) => server.check(bearer(token))));
  const answers = decisions.map((decision) =>
    decision.granted ? 'granted' : JSON.stringify([decision.status, decision.headers, decision.body]),
  );
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('invalid_token');
  // The control: the error codes for operators differ.
  const codes = decisions.map((decision) => (decision.granted ? 'granted' : decision.error.code));
  expect(new Set(codes).size).toBeGreaterThan(3);
  await issuer.close();
});
