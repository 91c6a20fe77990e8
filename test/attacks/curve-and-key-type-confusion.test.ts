import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SignatureAlgorithm } from '@resource-server/core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { makeForge } from './support/forge.js';
import { integerOf, octetsOf } from './support/integers.js';
import type { Members } from './support/jws-builder.js';
import { signerOf } from './support/jws-builder.js';
import { pkcs1Block } from './support/rsa-encodings.js';
import { type Arena, jwksOf, openArena, serverWithKeys } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * One key, two readings: an algorithm of another kind, a curve of another size, a key that is for
 * something else or too weak for anything. Every token here is truly signed by the key it names.
 */

const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'Ed25519'] as const;

/** Registered for JOSE, and in no configuration. */
const unspoken = [
  ...['HS256', 'HS384', 'HS512', 'none', 'ES256K', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'RS1'],
  ...['RSA1_5', 'RSA-OAEP', 'RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A128KW', 'A128KW', 'A128GCMKW', 'dir', 'A128GCM'],
];

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena(algorithms);
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

describe('an algorithm that is not the one of the key', () => {
  const pairs = algorithms.flatMap((claimed) => algorithms.map((real) => ({ claimed, real })));

  it.each(algorithms)('%s under its own key is admitted', async (alg) => {
    await expectAdmitted(arena.server, await arena.issuer.token({ alg }));
  });

  it.each(pairs.filter(({ claimed, real }) => claimed !== real))(
    '[RS-8725-3.1-b] [RS-7517-4.4-a] $claimed under a key for $real is refused',
    async ({ claimed, real }) => {
      const { kid, privateKey } = await arena.issuer.keys.current(real);
      for (const signer of [signerOf(claimed, privateKey), signerOf(real, privateKey)]) {
        const token = arena.forge.token({ header: { alg: claimed, kid }, signer });
        await expectRefused(arena.server, token, badToken('algorithm_refused'));
      }
    },
  );

  it.each([
    ['RS384', 'RS256'],
    ['RS512', 'RS256'],
    ['PS384', 'PS256'],
    ['PS512', 'PS256'],
  ] as const)('[RS-7517-4.4-a] %s under a key whose alg is %s is refused', async (claimed, real) => {
    const { kid, privateKey } = await arena.issuer.keys.current(real);
    const token = arena.forge.token({ header: { alg: claimed, kid }, signer: signerOf(claimed, privateKey) });
    await expectRefused(arena.server, token, badToken('algorithm_refused'));
  });

  it('[RS-8725-3.1-b] it is refused in every framework', async () => {
    const { kid, privateKey } = await arena.issuer.keys.current('RS256');
    const signer = signerOf('PS256', privateKey);
    const token = arena.forge.token({ header: { alg: 'PS256', kid }, signer });
    await applications.expectRefused(token, badToken('algorithm_refused'));
    await applications.expectAdmitted(await arena.issuer.token({ alg: 'RS256' }));
  });

  it.each([
    ['PS256', undefined, 'RS256'],
    ['RS256', ['PS256'], 'PS256'],
    ['RS512', ['ES256', 'PS384'], 'PS384'],
  ] as const)(
    '[RS-8725-3.1-d] an RSA key without alg does not do %s where it was pinned (algorithms: %j)',
    async (refused, configured, pinned) => {
      const { issuer, forge } = arena;
      const { kid, publicJwk, privateKey } = await issuer.keys.current('RS256');
      const jwk = { ...publicJwk, alg: undefined };
      const own = { issuer: issuer.issuer, jwks: { keys: [jwk, ...jwksOf(issuer).keys.slice(0, 1)] } };
      const server = serverWithKeys(issuer.issuer, [], {
        issuer: { ...own, ...(configured && { algorithms: configured }) },
      });
      const under = (alg: SignatureAlgorithm) =>
        forge.token({ header: { alg, kid }, signer: signerOf(alg, privateKey) });
      await expectRefused(server, under(refused), badToken('algorithm_refused'));
      await expectAdmitted(server, under(pinned));
    },
  );

  it('[RS-7515-5.2-b] a good signature by an algorithm that is not allowed here is refused', async () => {
    const { issuer, server } = arena;
    const only = serverWithKeys(issuer.issuer, [], {
      issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer), algorithms: ['ES256'] },
    });
    for (const alg of algorithms.slice(1)) {
      const token = await issuer.token({ alg });
      await expectAdmitted(server, token);
      await expectRefused(only, token, badToken('algorithm_refused'));
    }
    await expectAdmitted(only, await issuer.token({ alg: 'ES256' }));
  });

  it.each(unspoken)('[RS-7518-3.1-a] no other algorithm of the registry is used: %s', async (alg) => {
    await expectRefused(arena.server, arena.forge.token({ header: { alg } }), badToken('algorithm_refused'));
  });

  it('[RS-9864-a] Ed25519 and EdDSA are two names of one algorithm, whichever the key has', async () => {
    const { issuer, forge } = arena;
    const { publicJwk, privateKey, kid } = await issuer.keys.current('Ed25519');
    for (const named of ['Ed25519', 'EdDSA', undefined] as const) {
      const server = serverWithKeys(issuer.issuer, [{ ...publicJwk, alg: named }]);
      for (const alg of ['Ed25519', 'EdDSA'] as const) {
        await expectAdmitted(server, forge.token({ header: { alg, kid }, signer: signerOf(alg, privateKey) }));
      }
    }
  });
});

/** A key, what it is published as, and what it must not be published as. */
interface OddKey {
  readonly law: string;
  readonly key: keyof typeof pairs;
  readonly alg: SignatureAlgorithm;
  readonly change: (jwk: Members) => Members;
}

const pairs = {
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ed25519: generateKeyPairSync('ed25519'),
};

const shown = (member: unknown) => Buffer.from(String(member), 'base64url');
const written = (octets: Uint8Array) => Buffer.from(octets).toString('base64url');
const ledByZero = (member: unknown) => written(Buffer.concat([Buffer.of(0), shown(member)]));

const oddKeys: readonly OddKey[] = [
  { law: '[RS-7517-4.1-a] kty is RSA', key: 'p256', alg: 'ES256', change: () => ({ kty: 'RSA' }) },
  { law: '[RS-7517-4.1-a] kty is OKP', key: 'p256', alg: 'ES256', change: () => ({ kty: 'OKP' }) },
  { law: '[RS-7517-4.1-a] kty is ec', key: 'p256', alg: 'ES256', change: () => ({ kty: 'ec' }) },
  { law: '[RS-7517-4.1-a] kty is not there', key: 'p256', alg: 'ES256', change: () => ({ kty: undefined }) },
  { law: '[RS-7517-4.1-a] kty is a list', key: 'p256', alg: 'ES256', change: () => ({ kty: ['EC'] }) },
  { law: '[RS-7517-4.1-a] kty is EC', key: 'rsa', alg: 'RS256', change: () => ({ kty: 'EC' }) },
  { law: '[RS-7517-4.2-a] use is enc', key: 'p256', alg: 'ES256', change: () => ({ use: 'enc' }) },
  { law: '[RS-7517-4.2-a] use is enc', key: 'rsa', alg: 'RS256', change: () => ({ use: 'enc' }) },
  { law: '[RS-7517-4.2-a] use is SIG', key: 'p256', alg: 'ES256', change: () => ({ use: 'SIG' }) },
  { law: '[RS-7517-4.3-a] key_ops is sign', key: 'p256', alg: 'ES256', change: () => ({ key_ops: ['sign'] }) },
  { law: '[RS-7517-4.3-a] key_ops is empty', key: 'p256', alg: 'ES256', change: () => ({ key_ops: [] }) },
  { law: '[RS-7517-4.3-a] key_ops is no list', key: 'p256', alg: 'ES256', change: () => ({ key_ops: 'verify' }) },
  {
    law: '[RS-7517-4.3-b] key_ops contradicts use',
    key: 'p256',
    alg: 'ES256',
    change: () => ({ use: 'sig', key_ops: ['encrypt'] }),
  },
  {
    law: '[RS-7517-4.3-b] use contradicts key_ops',
    key: 'p256',
    alg: 'ES256',
    change: () => ({ use: 'enc', key_ops: ['verify'] }),
  },
  { law: '[RS-7518-3.4-b] alg is ES384', key: 'p256', alg: 'ES384', change: () => ({ alg: 'ES384' }) },
  { law: '[RS-7518-3.4-b] alg is ES256', key: 'p384', alg: 'ES256', change: () => ({ alg: 'ES256' }) },
  { law: '[RS-7518-3.4-b] crv is P-384', key: 'p256', alg: 'ES256', change: () => ({ crv: 'P-384' }) },
  { law: '[RS-7518-3.4-b] crv is p-256', key: 'p256', alg: 'ES256', change: () => ({ crv: 'p-256' }) },
  { law: '[RS-7518-3.4-b] crv is secp256k1', key: 'p256', alg: 'ES256', change: () => ({ crv: 'secp256k1' }) },
  { law: '[RS-7517-4.4-a] alg is HS256', key: 'p256', alg: 'ES256', change: () => ({ alg: 'HS256' }) },
  { law: '[RS-7517-4.4-a] alg is none', key: 'p256', alg: 'ES256', change: () => ({ alg: 'none' }) },
  { law: '[RS-7517-4.4-a] alg is es256', key: 'p256', alg: 'ES256', change: () => ({ alg: 'es256' }) },
  { law: '[RS-7517-4.4-a] alg is RSA-OAEP', key: 'rsa', alg: 'RS256', change: () => ({ alg: 'RSA-OAEP' }) },
  {
    law: '[RS-7518-6.2-a] [RS-8725-3.4-a] its point is not on the curve',
    key: 'p256',
    alg: 'ES256',
    change: ({ y }) => ({ y: written(octetsOf(integerOf(shown(y)) ^ 1n, 32)) }),
  },
  {
    law: '[RS-7518-6.2-a] [RS-8725-3.4-a] its point is the origin',
    key: 'p256',
    alg: 'ES256',
    change: () => ({ x: written(Buffer.alloc(32)), y: written(Buffer.alloc(32)) }),
  },
  {
    law: '[RS-7518-6.2-a] its x has an octet more',
    key: 'p256',
    alg: 'ES256',
    change: ({ x }) => ({ x: ledByZero(x) }),
  },
  {
    law: '[RS-7518-6.2-a] its x has an octet fewer',
    key: 'p256',
    alg: 'ES256',
    change: ({ x }) => ({ x: written(shown(x).subarray(1)) }),
  },
  { law: '[RS-7518-6.2-a] it has no y', key: 'p256', alg: 'ES256', change: () => ({ y: undefined }) },
  { law: '[RS-7638-3-b] its x is padded', key: 'p256', alg: 'ES256', change: ({ x }) => ({ x: `${x}=` }) },
  { law: '[RS-7638-3-b] its n begins with zeros', key: 'rsa', alg: 'RS256', change: ({ n }) => ({ n: ledByZero(n) }) },
  { law: '[RS-7638-3-b] its e begins with zeros', key: 'rsa', alg: 'RS256', change: ({ e }) => ({ e: ledByZero(e) }) },
  { law: 'it has no e', key: 'rsa', alg: 'RS256', change: () => ({ e: undefined }) },
  {
    law: '[RS-8037-3.1-a] its x has an octet more',
    key: 'ed25519',
    alg: 'Ed25519',
    change: ({ x }) => ({ x: written(Buffer.concat([shown(x), Buffer.of(0)])) }),
  },
  {
    law: '[RS-8037-3.1-a] its x has an octet fewer',
    key: 'ed25519',
    alg: 'Ed25519',
    change: ({ x }) => ({ x: written(shown(x).subarray(0, 31)) }),
  },
  { law: '[RS-8037-2-a] crv is X25519', key: 'ed25519', alg: 'EdDSA', change: () => ({ crv: 'X25519' }) },
  { law: '[RS-8037-2-a] crv is Ed448', key: 'ed25519', alg: 'EdDSA', change: () => ({ crv: 'Ed448' }) },
  { law: 'kid is a number', key: 'p256', alg: 'ES256', change: () => ({ kid: 7 }) },
];

describe('a key that is not what it must be is skipped, and the keys beside it are not', () => {
  it.each(oddKeys)('$law (a key for $key, a token of $alg)', async ({ key, alg, change }) => {
    const { publicKey, privateKey } = pairs[key];
    const jwk: Members = { ...publicKey.export({ format: 'jwk' }), kid: 'odd' };
    const forge = makeForge({ issuer: arena.issuer.issuer, alg, kid: 'odd', privateKey });
    const [beside = {}] = jwksOf(arena.issuer).keys;
    const server = serverWithKeys(arena.issuer.issuer, [{ ...jwk, ...change(jwk) }, beside]);
    await expectRefused(server, forge.token(), badToken('key_unknown'));
    await expectAdmitted(server, arena.forge.token());
  });

  it.each(Object.keys(pairs) as (keyof typeof pairs)[])('[RS-7517-5-b] as it is, a key for %s is used', async (key) => {
    const alg = ({ p256: 'ES256', p384: 'ES384', rsa: 'RS256', ed25519: 'Ed25519' } as const)[key];
    const { publicKey, privateKey } = pairs[key];
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'odd' };
    const bad = { kty: 'XYZ', kid: 'worse' };
    const server = serverWithKeys(arena.issuer.issuer, [
      bad,
      { ...jwk, key_ops: ['verify'], use: 'sig' },
      { kty: 'RSA' },
    ]);
    await expectAdmitted(server, makeForge({ issuer: arena.issuer.issuer, alg, kid: 'odd', privateKey }).token());
  });

  it('[RS-7518-3.4-b] a key on a curve that looks like P-256 verifies no ES256', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    await expectSkipped(publicKey, privateKey, 'ES256', {});
    await expectSkipped(publicKey, privateKey, 'ES256', { crv: 'P-256' });
    await expectSkipped(publicKey, privateKey, 'ES256', { alg: 'ES256' });
  });

  it('[RS-7518-3.3-a] an RSA key of 1024 bits verifies nothing', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    await expectSkipped(publicKey, privateKey, 'RS256', { alg: 'RS256' });
    await expectSkipped(publicKey, privateKey, 'PS256', { alg: 'PS256' });
  });

  it('[RS-7518-3.3-b] an RSA key with the exponent 3 verifies nothing', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
    await expectSkipped(publicKey, privateKey, 'RS256', { alg: 'RS256' });
  });

  it.each(['AQ', 'AA', 'Ag', 'AQAA'])('[RS-7518-3.3-b] an RSA key with the exponent %s verifies nothing', async (e) => {
    // With an exponent of one, the padded digest is its own signature: nobody needs a private key.
    const forge = makeForge({
      issuer: arena.issuer.issuer,
      alg: 'RS256',
      kid: 'odd',
      privateKey: pairs.rsa.privateKey,
    });
    const token = forge.token({ signer: (signingInput) => pkcs1Block(signingInput, 256) });
    const jwk = { ...pairs.rsa.publicKey.export({ format: 'jwk' }), e, kid: 'odd' };
    const server = serverWithKeys(arena.issuer.issuer, [jwk, ...jwksOf(arena.issuer).keys]);
    await expectRefused(server, token, badToken('key_unknown'));
    await expectAdmitted(server, arena.forge.token());
  });

  async function expectSkipped(publicKey: KeyObject, privateKey: KeyObject, alg: SignatureAlgorithm, members: Members) {
    const jwk = { ...publicKey.export({ format: 'jwk' }), ...members, kid: 'odd' };
    const forge = makeForge({ issuer: arena.issuer.issuer, alg, kid: 'odd', privateKey });
    const server = serverWithKeys(arena.issuer.issuer, [jwk, ...jwksOf(arena.issuer).keys]);
    await expectRefused(server, forge.token(), badToken('key_unknown'));
    await expectAdmitted(server, arena.forge.token());
  }
});

describe('several keys of one name', () => {
  const named = (key: keyof typeof pairs, members: Members = {}): Members => ({
    ...pairs[key].publicKey.export({ format: 'jwk' }),
    kid: '1',
    ...members,
  });
  const under = (key: keyof typeof pairs, alg: SignatureAlgorithm, kid: string | undefined = '1') =>
    makeForge({ issuer: arena.issuer.issuer, alg, kid: '1', privateKey: pairs[key].privateKey }).token({
      header: { kid },
    });

  it('[RS-7517-4.5-a] keys of two kinds may share a kid, and each is for its own algorithm', async () => {
    const server = serverWithKeys(arena.issuer.issuer, [named('p256'), named('rsa')]);
    await expectAdmitted(server, under('p256', 'ES256'));
    await expectAdmitted(server, under('rsa', 'RS256'));
    await expectRefused(server, under('rsa', 'PS256'), badToken('algorithm_refused'));
    await expectRefused(server, under('rsa', 'ES256'), badToken('signature_invalid'));
  });

  it('two keys that fit are none: no token chooses by trial', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const server = serverWithKeys(arena.issuer.issuer, [named('p256'), { ...other, kid: '1' }]);
    await expectRefused(server, under('p256', 'ES256'), badToken('key_unknown'));
  });

  it('[RS-7517-4.5-b] a token without kid takes the one key that fits, never the first of two', async () => {
    const nameless = makeForge({
      issuer: arena.issuer.issuer,
      alg: 'ES256',
      kid: '1',
      privateKey: pairs.p256.privateKey,
    }).token({ header: { kid: undefined } });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const one = serverWithKeys(arena.issuer.issuer, [named('p256'), named('rsa')]);
    await expectAdmitted(one, nameless);
    const two = serverWithKeys(arena.issuer.issuer, [named('p256'), { ...other, kid: '2' }]);
    await expectRefused(two, nameless, badToken('key_unknown'));
    const none = serverWithKeys(arena.issuer.issuer, [named('rsa')]);
    await expectRefused(none, nameless, badToken('key_unknown'));
  });
});
