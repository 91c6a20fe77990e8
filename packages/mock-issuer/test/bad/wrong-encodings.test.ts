import { compactVerify, createLocalJWKSet } from 'jose';
import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { algorithms, claimsOf, dissect, startIssuer, verify } from '../referee.js';

/** The payload's bytes, after jose found the signature right. */
async function signedBytes(issuer: MockIssuer, token: string): Promise<Buffer> {
  return Buffer.from((await compactVerify(token, createLocalJWKSet(issuer.jwks))).payload);
}

test('paddedBase64 is a good token but for its last characters', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.paddedBase64();
  expect(token).toMatch(/[^=]==$/);
  await verify(issuer, token.replace(/=+$/, ''));
  expect(await issuer.bad.paddedBase64({ alg: 'ES384' })).toMatch(/[^=]=$/);
});

test.each(algorithms)(
  'nonCanonicalBase64 with %s decodes to a good token and is not how it would be encoded',
  async (alg) => {
    const issuer = await startIssuer({ alg });
    // Payloads of three lengths: with and without bits left over.
    for (const subject of ['a', 'ab', 'abc']) {
      const { segments } = dissect(await issuer.bad.nonCanonicalBase64({ subject }));
      const bytes = segments.map((segment) => Buffer.from(segment, 'base64url'));
      const canonical = bytes.map((segment) => segment.toString('base64url'));
      const odd = segments.filter((segment, at) => segment !== canonical[at]);
      const expected = alg === 'ES384' || alg === 'ES512' ? segments[1] : segments[2];
      expect(odd).toEqual([expected]);
      await verify(issuer, [segments[0], segments[1], canonical[2]].join('.'));
    }
  },
);

test('byteOrderMark is a good payload behind three bytes', async () => {
  const issuer = await startIssuer();
  const bytes = await signedBytes(issuer, await issuer.bad.byteOrderMark());
  expect(bytes.subarray(0, 3)).toEqual(Buffer.of(0xef, 0xbb, 0xbf));
  expect(JSON.parse(bytes.subarray(3).toString())).toMatchObject({ iss: issuer.issuer });
});

test('invalidUtf8 is a good payload but for one byte', async () => {
  const issuer = await startIssuer();
  for (const claims of [{}, { note: 'mine', last: 1 }]) {
    const bytes = await signedBytes(issuer, await issuer.bad.invalidUtf8({ claims }));
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    expect(JSON.parse(bytes.toString())).toMatchObject({ iss: issuer.issuer, note: '\uFFFD' });
  }
});

test('arrayPayload has the claims in an array', async () => {
  const issuer = await startIssuer();
  const bytes = await signedBytes(issuer, await issuer.bad.arrayPayload());
  expect(JSON.parse(bytes.toString())).toEqual([expect.objectContaining({ iss: issuer.issuer })]);
});

test('deepPayload is a good token with 64 arrays one in another', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.deepPayload();
  await verify(issuer, token);
  expect(JSON.stringify(claimsOf(token)['deep'])).toBe('['.repeat(64) + ']'.repeat(64));
});

test('oversized is a good token of 9 000 characters or a few more', async () => {
  const issuer = await startIssuer();
  const token = await issuer.bad.oversized();
  await verify(issuer, token);
  expect(token.length).toBeGreaterThanOrEqual(9000);
  expect(token.length).toBeLessThan(9100);
});

test('fourSegments is a good token with a segment behind it', async () => {
  const issuer = await startIssuer();
  const { segments } = dissect(await issuer.bad.fourSegments());
  expect(segments).toHaveLength(4);
  await verify(issuer, segments.slice(0, 3).join('.'));
});
