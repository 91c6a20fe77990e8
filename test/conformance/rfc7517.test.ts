import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createResourceServer } from '@resource-server/core';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../attacks/support/certificate.js';
import { audience } from '../suite/world.js';
import { jwksOf, verdict } from './ask.js';

let issuer: MockIssuer;
beforeAll(async () => {
  issuer = await createMockIssuer({ alg: 'ES256', audience });
});
afterAll(() => issuer.close());

describe('the certificate in a JWK (x5c) [RS-7517-4.7-a]', () => {
  const serverWith = (keys: readonly Record<string, unknown>[]) =>
    createResourceServer({ issuer: { issuer: issuer.issuer, jwks: { keys } }, audience });

  it('an x5c of another key, and a malformed x5c, do not change how the JWK verifies', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const foreign = selfSignedCertificate(other.publicKey, other.privateKey).toString('base64');
    for (const x5c of [[foreign], ['bm90IGEgY2VydGlmaWNhdGU='], 'text', []]) {
      const server = serverWith(jwksOf(issuer).keys.map((jwk) => ({ ...jwk, x5c })));
      expect(await verdict(server, await issuer.token())).toBe('granted');
    }
  });

  it('a signature that only the x5c certificate could verify is invalid', async () => {
    const { privateKey, kid } = await issuer.keys.current();
    const certificate = selfSignedCertificate(createPublicKey(privateKey), privateKey).toString('base64');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const server = serverWith([{ ...other, kid, alg: 'ES256', x5c: [certificate] }]);
    expect(await verdict(server, await issuer.token())).toBe('signature_invalid');
  });
});

describe('the media type of a JWKS [RS-7517-8-a]', () => {
  it.each(['application/jwk-set+json', 'application/json', 'application/json; charset=utf-8'])(
    'a JWKS with the media type %s is accepted',
    async (type) => {
      const http = createServer((_request, response) => {
        response.setHeader('content-type', type).end(JSON.stringify(issuer.jwks));
      });
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
      const jwksUri = `http://127.0.0.1:${(http.address() as AddressInfo).port}/keys`;
      const server = createResourceServer({ issuer: { issuer: issuer.issuer, jwksUri }, audience });
      expect(await verdict(server, await issuer.token())).toBe('granted');
      await server.close();
      http.close();
    },
  );
});
