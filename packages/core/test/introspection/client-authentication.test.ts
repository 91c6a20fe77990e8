import { createPublicKey } from 'node:crypto';
import { type JWTVerifyResult, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { authenticate } from '../../src/introspection/client-authentication.js';
import type { KeyAlgorithm } from '../../src/jws/algorithms.js';
import { importPrivateKey } from '../../src/jws/private-key.js';
import { jsonObject } from '../support/json-object.js';
import { everyAlgorithm, type Signer, signerOf } from '../support/signers.js';
import { passed } from '../support/verdict.js';

const issuer = 'https://as.example/t1';
const now = 1_800_000_000_999;

async function basicOf(clientId: string, secret: string): Promise<string> {
  const { authorization = '', parameters } = await authenticate(
    { method: 'client_secret_basic', clientId, secret },
    issuer,
    now,
  );
  expect(parameters).toEqual({});
  const [scheme, encoded = ''] = authorization.split(' ');
  expect(scheme).toBe('Basic');
  return Buffer.from(encoded, 'base64').toString();
}

describe('client authentication with client_secret_basic', () => {
  it.each([
    ['api', 's3cret', 'api:s3cret'],
    ['a:b%c', 'd:e%f', 'a%3Ab%25c:d%3Ae%25f'],
    ['my api', ' s ', 'my+api:+s+'],
    ['a+b', 'c&d=e', 'a%2Bb:c%26d%3De'],
    ['prüfer', '秘密', 'pr%C3%BCfer:%E7%A7%98%E5%AF%86'],
    ['https://api.example', '~-._*', 'https%3A%2F%2Fapi.example:%7E-._*'],
  ])(
    'id %j and secret %j are form-encoded before Basic encoding (RFC 6749 section 2.3.1)',
    async (clientId, secret, sent) => {
      expect(await basicOf(clientId, secret)).toBe(sent);
      const [id = '', word = ''] = (await basicOf(clientId, secret)).split(':');
      const decoded = [...new URLSearchParams(`${id}=${word}`)];
      expect(decoded).toEqual([[clientId, secret]]);
    },
  );
});

describe('client authentication with client_secret_post', () => {
  it('client_secret_post sends id and secret in the form, without an Authorization header', async () => {
    const client = { method: 'client_secret_post', clientId: 'a:b', secret: 'c d' } as const;
    expect(await authenticate(client, issuer, now)).toEqual({ parameters: { client_id: 'a:b', client_secret: 'c d' } });
  });
});

describe.each(['tls_client_auth', 'self_signed_tls_client_auth'] as const)(
  'client authentication with %s',
  (method) => {
    it(`${method} sends the client id in the form and passes the certificate to the connection`, async () => {
      const certificate = { cert: 'CERT', key: 'KEY' };
      const credentials = await authenticate({ method, clientId: 'api', certificate }, issuer, now);
      expect(credentials).toEqual({ parameters: { client_id: 'api' }, certificate });
    });

    it(`${method} passes no certificate where a custom fetch provides it`, async () => {
      const credentials = await authenticate({ method, clientId: 'api', certificate: undefined }, issuer, now);
      expect(credentials).toEqual({ parameters: { client_id: 'api' } });
    });
  },
);

describe('client authentication with private_key_jwt', () => {
  async function assertionOf(signer: Signer, kid?: string): Promise<Readonly<Record<string, string>>> {
    const jwk = { ...signer.privateKey.export({ format: 'jwk' }), alg: signer.algorithm, kid };
    const key = passed(importPrivateKey(jsonObject(jwk)));
    const { parameters, ...others } = await authenticate(
      { method: 'private_key_jwt', clientId: 'api', key },
      issuer,
      now,
    );
    expect(others).toEqual({});
    return parameters;
  }

  function verified(signer: Signer, assertion: string): Promise<JWTVerifyResult> {
    const key = createPublicKey({ key: { ...signer.jwk }, format: 'jwk' });
    return jwtVerify(assertion, key, {
      algorithms: [signer.algorithm],
      typ: 'client-authentication+jwt',
      issuer: 'api',
      subject: 'api',
      audience: issuer,
      currentDate: new Date(now),
    });
  }

  it.each<KeyAlgorithm>([...everyAlgorithm])(
    'a client assertion signed with %s is verified by jose',
    async (algorithm) => {
      const signer = signerOf(algorithm);
      const { client_assertion: assertion = '', ...others } = await assertionOf(signer, 'k1');
      expect(others).toEqual({
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
      const { payload, protectedHeader } = await verified(signer, assertion);
      expect(protectedHeader).toEqual({ alg: algorithm, kid: 'k1', typ: 'client-authentication+jwt' });
      expect(payload).toEqual({
        iss: 'api',
        sub: 'api',
        aud: issuer,
        jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
        iat: 1_800_000_000,
        exp: 1_800_000_060,
      });
      await expect(verified(signerOf('ES256'), assertion)).rejects.toThrow();
    },
  );

  it('a client assertion has no kid where the key has none', async () => {
    const signer = signerOf('ES256');
    const { client_assertion: assertion = '' } = await assertionOf(signer);
    expect((await verified(signer, assertion)).protectedHeader).not.toHaveProperty('kid');
  });

  it('every client assertion has its own jti (RFC 7523 section 3)', async () => {
    const signer = signerOf('Ed25519');
    const ids = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const { client_assertion: assertion = '' } = await assertionOf(signer);
        return (await verified(signer, assertion)).payload.jti;
      }),
    );
    expect(new Set(ids).size).toBe(100);
  });
});
