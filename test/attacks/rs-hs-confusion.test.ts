import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigurationError, createResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import type { Members, Signer } from './support/jws-builder.js';
import { type Fixture, jwksOf, openFixture, serverWithKeys } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: an HMAC with a public value as its secret. A verifier that takes the algorithm from the
 * header would turn every published key into a password.
 */

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture(['RS256', 'ES256', 'Ed25519']);
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

const macs = ['HS256', 'HS384', 'HS512'] as const;

function hmacSigner(alg: string, secret: string | Uint8Array): Signer {
  return (signingInput) =>
    createHmac(`sha${alg.slice(2)}`, secret)
      .update(signingInput)
      .digest();
}

const pem = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki') => key.export({ format: 'pem', type }).toString();
const der = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki') => key.export({ format: 'der', type });

/** Every form in which a verifier may hold a public key, and could pass it to HMAC by mistake. */
const formsOfAnyKey: Readonly<Record<string, (key: KeyObject, jwk: Members) => string | Uint8Array>> = {
  'its PEM': (key) => pem(key),
  'its PEM without the last line break': (key) => pem(key).trimEnd(),
  'its PEM with Windows line breaks': (key) => pem(key).replaceAll('\n', '\r\n'),
  'its PEM in one line': (key) => pem(key).replaceAll('\n', ''),
  'its DER': (key) => der(key),
  'its DER in base64': (key) => der(key).toString('base64'),
  'its JWK as published': (_key, jwk) => JSON.stringify(jwk),
  'its bare JWK': (key) => JSON.stringify(key.export({ format: 'jwk' })),
  'its kid': (_key, { kid }) => String(kid),
  nothing: () => '',
};
const formsOfRsaKeys: typeof formsOfAnyKey = {
  'its PKCS#1 PEM': (key) => pem(key, 'pkcs1'),
  'its PKCS#1 DER': (key) => der(key, 'pkcs1'),
  'its modulus': (_key, { n }) => Buffer.from(String(n), 'base64url'),
  'its modulus in base64url': (_key, { n }) => String(n),
};
const formsOfCurveKeys: typeof formsOfAnyKey = {
  'its x': (_key, { x }) => Buffer.from(String(x), 'base64url'),
  'its x in base64url': (_key, { x }) => String(x),
};

const secrets = (['RS256', 'ES256', 'Ed25519'] as const).flatMap((alg) => {
  const forms = { ...formsOfAnyKey, ...(alg === 'RS256' ? formsOfRsaKeys : formsOfCurveKeys) };
  return Object.entries(forms).map(([form, secretOf]) => ({ alg, form, secretOf }));
});

async function secretFor(alg: 'RS256' | 'ES256' | 'Ed25519', secretOf: (typeof secrets)[number]['secretOf']) {
  const { kid, publicJwk } = await fixture.issuer.keys.current(alg);
  const jwk: Members = { ...publicJwk };
  return { kid, secret: secretOf(createPublicKey({ key: jwk, format: 'jwk' }), jwk) };
}

describe('HMAC with a public key as secret', () => {
  it('a token signed with each published key is accepted', async () => {
    for (const alg of ['RS256', 'ES256', 'Ed25519'] as const) {
      await expectAccepted(fixture.server, await fixture.issuer.token({ alg }));
    }
    await applications.expectAccepted(fixture.forge.token());
  });

  it.each(secrets)(
    'an HMAC with the $alg key as secret is refused: $form [RS-7518-3.2-c]',
    async ({ alg, secretOf }) => {
      const { kid, secret } = await secretFor(alg, secretOf);
      for (const mac of macs) {
        const token = fixture.forge.token({ header: { alg: mac, kid }, signer: hmacSigner(mac, secret) });
        await expectRefused(fixture.server, token, badToken('algorithm_refused'));
        const withoutKid = fixture.forge.token({
          header: { alg: mac, kid: undefined },
          signer: hmacSigner(mac, secret),
        });
        await expectRefused(fixture.server, withoutKid, badToken('algorithm_refused'));
      }
    },
  );

  it.each(secrets)('an HMAC labelled $alg, with that key as secret, is refused: $form', async ({ alg, secretOf }) => {
    const { kid, secret } = await secretFor(alg, secretOf);
    const token = fixture.forge.token({ header: { alg, kid }, signer: hmacSigner('HS256', secret) });
    await expectRefused(fixture.server, token, badToken('signature_invalid'));
  });

  it('an HMAC with the public key as secret is refused in every framework [RS-7518-3.2-c]', async () => {
    await applications.expectRefused(await fixture.issuer.bad.hmacWithPublicKey(), badToken('algorithm_refused'));
  });

  it.each(['hs256', 'HS1', 'HS256/64', 'HMAC', 'HmacSHA256', 'A256GCM', 'dir', 'PBES2-HS256+A128KW'])(
    'an HMAC labelled with the algorithm %s is refused',
    async (alg) => {
      const { kid, secret } = await secretFor('RS256', (key) => pem(key));
      const token = fixture.forge.token({ header: { alg, kid }, signer: hmacSigner('HS256', secret) });
      await expectRefused(fixture.server, token, badToken('algorithm_refused'));
    },
  );
});

describe('symmetric and private keys in a JWKS', () => {
  const secret = Buffer.alloc(32, 7);
  const oct = { kty: 'oct', k: secret.toString('base64url'), kid: 'shared' };

  it.each([oct, { ...oct, alg: 'HS256' }, { ...oct, alg: 'HS256', use: 'sig', key_ops: ['verify'] }])(
    'a symmetric key in a JWKS is skipped, and the other keys are used: %o [RS-7517-9-a] [RS-7517-5-b]',
    async (jwk) => {
      const server = serverWithKeys(fixture.issuer.issuer, [jwk, ...jwksOf(fixture.issuer).keys]);
      for (const mac of macs) {
        const token = fixture.forge.token({ header: { alg: mac, kid: 'shared' }, signer: hmacSigner(mac, secret) });
        await expectRefused(server, token, badToken('algorithm_refused'));
      }
      await expectAccepted(server, fixture.forge.token());
    },
  );

  it.each(['RS256', 'ES256', 'Ed25519'] as const)(
    'a symmetric key labelled %s is skipped [RS-7517-9-a]',
    async (alg) => {
      const server = serverWithKeys(fixture.issuer.issuer, [{ ...oct, alg }, ...jwksOf(fixture.issuer).keys]);
      const token = fixture.forge.token({ header: { alg, kid: 'shared' }, signer: hmacSigner('HS256', secret) });
      await expectRefused(server, token, badToken('key_unknown'));
      await expectAccepted(server, fixture.forge.token());
    },
  );

  it('a private key in a JWKS is not used for verification, since anyone may have it [RS-7517-9-a]', async () => {
    const { forge, issuer } = fixture;
    const { publicJwk, privateKey } = await issuer.keys.current('ES256');
    const { d } = privateKey.export({ format: 'jwk' });
    const token = forge.token({ header: { alg: 'ES256', kid: publicJwk.kid } });
    const good = await issuer.token({ alg: 'ES256' });
    const [rsa] = jwksOf(issuer).keys;
    await expectAccepted(serverWithKeys(issuer.issuer, [{ ...publicJwk }]), good);
    const exposed = serverWithKeys(issuer.issuer, [{ ...publicJwk, d }, rsa ?? {}]);
    await expectRefused(exposed, good, badToken('key_unknown'));
    await expectRefused(exposed, token, badToken('key_unknown'));
    await expectAccepted(exposed, forge.token());
  });

  it('a configured JWKS with only a symmetric key is a ConfigurationError [RS-7517-9-a]', () => {
    expect(() => serverWithKeys(fixture.issuer.issuer, [oct])).toThrow(ConfigurationError);
  });

  it.each(macs)('the option algorithms rejects %s [RS-7518-3.2-c]', (mac) => {
    const configure = () =>
      createResourceServer({
        // @ts-expect-error the type excludes these values too
        issuer: { issuer: 'https://as.example', algorithms: [mac] },
        audience,
      });
    expect(configure).toThrow(ConfigurationError);
  });
});
