import { createHmac, createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigurationError, createResourceServer } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { audience } from '../suite/world.js';
import { type Applications, startApplications } from './support/applications.js';
import type { Members, Signer } from './support/jws-builder.js';
import { type Arena, jwksOf, openArena, serverWithKeys } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * HMAC with something public as its secret. Whoever lets the header choose the algorithm makes
 * every published key a password.
 */

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena(['RS256', 'ES256', 'Ed25519']);
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

const macs = ['HS256', 'HS384', 'HS512'] as const;

function hmacSigner(alg: string, secret: string | Uint8Array): Signer {
  return (signingInput) =>
    createHmac(`sha${alg.slice(2)}`, secret)
      .update(signingInput)
      .digest();
}

const pem = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki') => key.export({ format: 'pem', type }).toString();
const der = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki') => key.export({ format: 'der', type });

/** Every form in which a verifier may hold a public key, and so hand it to HMAC by mistake. */
const formsOfAnyKey: Readonly<Record<string, (key: KeyObject, jwk: Members) => string | Uint8Array>> = {
  'its PEM': (key) => pem(key),
  'its PEM without the last line break': (key) => pem(key).trimEnd(),
  'its PEM with line breaks of Windows': (key) => pem(key).replaceAll('\n', '\r\n'),
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

const rows = (['RS256', 'ES256', 'Ed25519'] as const).flatMap((alg) => {
  const forms = { ...formsOfAnyKey, ...(alg === 'RS256' ? formsOfRsaKeys : formsOfCurveKeys) };
  return Object.entries(forms).map(([form, secretOf]) => ({ alg, form, secretOf }));
});

async function secretFor(alg: 'RS256' | 'ES256' | 'Ed25519', secretOf: (typeof rows)[number]['secretOf']) {
  const { kid, publicJwk } = await arena.issuer.keys.current(alg);
  const jwk: Members = { ...publicJwk };
  return { kid, secret: secretOf(createPublicKey({ key: jwk, format: 'jwk' }), jwk) };
}

describe('HMAC keyed with what is public', () => {
  it('a token under each of the keys is admitted', async () => {
    for (const alg of ['RS256', 'ES256', 'Ed25519'] as const) {
      await expectAdmitted(arena.server, await arena.issuer.token({ alg }));
    }
    await applications.expectAdmitted(arena.forge.token());
  });

  it.each(rows)('[RS-7518-3.2-c] the $alg key: $form is no secret', async ({ alg, secretOf }) => {
    const { kid, secret } = await secretFor(alg, secretOf);
    for (const mac of macs) {
      const token = arena.forge.token({ header: { alg: mac, kid }, signer: hmacSigner(mac, secret) });
      await expectRefused(arena.server, token, badToken('algorithm_refused'));
      const nameless = arena.forge.token({ header: { alg: mac, kid: undefined }, signer: hmacSigner(mac, secret) });
      await expectRefused(arena.server, nameless, badToken('algorithm_refused'));
    }
  });

  it.each(rows)('under the name of the right algorithm neither: $alg, $form', async ({ alg, secretOf }) => {
    const { kid, secret } = await secretFor(alg, secretOf);
    const token = arena.forge.token({ header: { alg, kid }, signer: hmacSigner('HS256', secret) });
    await expectRefused(arena.server, token, badToken('signature_invalid'));
  });

  it('[RS-7518-3.2-c] it is refused in every framework', async () => {
    await applications.expectRefused(await arena.issuer.bad.hmacWithPublicKey(), badToken('algorithm_refused'));
  });

  it.each(['hs256', 'HS1', 'HS256/64', 'HMAC', 'HmacSHA256', 'A256GCM', 'dir', 'PBES2-HS256+A128KW'])(
    'neither does %s name an algorithm',
    async (alg) => {
      const { kid, secret } = await secretFor('RS256', (key) => pem(key));
      const token = arena.forge.token({ header: { alg, kid }, signer: hmacSigner('HS256', secret) });
      await expectRefused(arena.server, token, badToken('algorithm_refused'));
    },
  );
});

describe('a secret in the key set', () => {
  const secret = Buffer.alloc(32, 7);
  const oct = { kty: 'oct', k: secret.toString('base64url'), kid: 'shared' };

  it.each([oct, { ...oct, alg: 'HS256' }, { ...oct, alg: 'HS256', use: 'sig', key_ops: ['verify'] }])(
    '[RS-7517-9-a] [RS-7517-5-b] is never used, and the keys beside it are: %o',
    async (jwk) => {
      const server = serverWithKeys(arena.issuer.issuer, [jwk, ...jwksOf(arena.issuer).keys]);
      for (const mac of macs) {
        const token = arena.forge.token({ header: { alg: mac, kid: 'shared' }, signer: hmacSigner(mac, secret) });
        await expectRefused(server, token, badToken('algorithm_refused'));
      }
      await expectAdmitted(server, arena.forge.token());
    },
  );

  it.each(['RS256', 'ES256', 'Ed25519'] as const)(
    '[RS-7517-9-a] a key that calls itself %s but is a secret verifies nothing',
    async (alg) => {
      const server = serverWithKeys(arena.issuer.issuer, [{ ...oct, alg }, ...jwksOf(arena.issuer).keys]);
      const token = arena.forge.token({ header: { alg, kid: 'shared' }, signer: hmacSigner('HS256', secret) });
      await expectRefused(server, token, badToken('key_unknown'));
      await expectAdmitted(server, arena.forge.token());
    },
  );

  it('[RS-7517-9-a] a private key that was published no longer vouches for anybody', async () => {
    const { forge, issuer } = arena;
    const { publicJwk, privateKey } = await issuer.keys.current('ES256');
    const { d } = privateKey.export({ format: 'jwk' });
    const token = forge.token({ header: { alg: 'ES256', kid: publicJwk.kid } });
    const good = await issuer.token({ alg: 'ES256' });
    const [rsa] = jwksOf(issuer).keys;
    await expectAdmitted(serverWithKeys(issuer.issuer, [{ ...publicJwk }]), good);
    const exposed = serverWithKeys(issuer.issuer, [{ ...publicJwk, d }, rsa ?? {}]);
    await expectRefused(exposed, good, badToken('key_unknown'));
    await expectRefused(exposed, token, badToken('key_unknown'));
    await expectAdmitted(exposed, forge.token());
  });

  it('[RS-7517-9-a] alone is a mistake that is heard when the server is made', () => {
    expect(() => serverWithKeys(arena.issuer.issuer, [oct])).toThrow(ConfigurationError);
  });

  it.each(macs)('[RS-7518-3.2-c] %s is no algorithm to configure', (mac) => {
    const configure = () =>
      createResourceServer({
        // @ts-expect-error the type does not know it either
        issuer: { issuer: 'https://as.example', algorithms: [mac] },
        audience,
      });
    expect(configure).toThrow(ConfigurationError);
  });
});
