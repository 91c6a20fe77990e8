import { expect, test } from 'vitest';
import { algorithms, claimsOf, dissect, headerOf, startIssuer, verify } from '../referee.js';

test('[IS-F-3] algNone is right in all but alg and has an empty signature', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.algNone({ scope: 'read' });
  expect(headerOf(token)).toEqual({ alg: 'none', typ: 'at+jwt', kid: (await issuer.keys.current()).kid });
  expect(dissect(token).segments).toHaveLength(3);
  expect(dissect(token).segments[2]).toBe('');
  expect(claimsOf(token)).toMatchObject({ iss: issuer.issuer, scope: 'read' });
});

test('strippedSignature has the right header and an empty signature', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.strippedSignature();
  expect(headerOf(token)['alg']).toBe('ES256');
  expect(token.endsWith('.')).toBe(true);
});

test.each(['tampered', 'tamperedSignature'] as const)(
  '%s fails at the signature, whatever the algorithm',
  async (name) => {
    const issuer = await startIssuer({ algorithms });
    for (const alg of algorithms) {
      const token = await issuer.bad[name]({ alg });
      await expect(verify(issuer, token)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    }
  },
);

test('tampered asks for more scope than was granted', async () => {
  const issuer = await startIssuer();
  expect(claimsOf(await issuer.bad.tampered({ scope: 'read' }))['scope']).toBe('read admin');
  expect(claimsOf(await issuer.bad.tampered())['scope']).toBe('admin');
});

test('tamperedSignature is of the right length', async () => {
  const issuer = await startIssuer();
  const bytes = Buffer.from(dissect(await issuer.bad.tamperedSignature()).segments[2] ?? '', 'base64url');
  expect(bytes).toHaveLength(64);
});
