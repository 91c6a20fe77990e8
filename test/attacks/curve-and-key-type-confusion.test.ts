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
import { type Fixture, jwksOf, openFixture, serverWithKeys } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: one key with two readings, by an algorithm of another kind, a curve of another size, or a
 * key for another use or too weak. Every token here is correctly signed by the key that it names.
 */

const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'Ed25519'] as const;

/** Algorithms that are registered for JOSE and that no configuration allows. */
const unsupported = [
  ...['HS256', 'HS384', 'HS512', 'none', 'ES256K', 'Ed448', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'RS1'],
  ...['RSA1_5', 'RSA-OAEP', 'RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A128KW', 'A128KW', 'A128GCMKW', 'dir', 'A128GCM'],
];

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture(algorithms);
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

describe('an algorithm that is not the algorithm of the key', () => {
  const pairs = algorithms.flatMap((claimed) => algorithms.map((real) => ({ claimed, real })));

  it.each(algorithms)('a token with alg %s and a key of that algorithm is accepted', async (alg) => {
    await expectAccepted(fixture.server, await fixture.issuer.token({ alg }));
  });

  it.each(pairs.filter(({ claimed, real }) => claimed !== real))(
    'a token with alg $claimed and a key for $real is refused [RS-8725-3.1-b] [RS-7517-4.4-a]',
    async ({ claimed, real }) => {
      const { kid, privateKey } = await fixture.issuer.keys.current(real);
      for (const signer of [signerOf(claimed, privateKey), signerOf(real, privateKey)]) {
        const token = fixture.forge.token({ header: { alg: claimed, kid }, signer });
        await expectRefused(fixture.server, token, badToken('algorithm_refused'));
      }
    },
  );

  it.each([
    ['RS384', 'RS256'],
    ['RS512', 'RS256'],
    ['PS384', 'PS256'],
    ['PS512', 'PS256'],
  ] as const)('a token with alg %s and a key whose alg is %s is refused [RS-7517-4.4-a]', async (claimed, real) => {
    const { kid, privateKey } = await fixture.issuer.keys.current(real);
    const token = fixture.forge.token({ header: { alg: claimed, kid }, signer: signerOf(claimed, privateKey) });
    await expectRefused(fixture.server, token, badToken('algorithm_refused'));
  });

  it('a token with alg PS256 and a key for RS256 is refused in every framework [RS-8725-3.1-b]', async () => {
    const { kid, privateKey } = await fixture.issuer.keys.current('RS256');
    const signer = signerOf('PS256', privateKey);
    const token = fixture.forge.token({ header: { alg: 'PS256', kid }, signer });
    await applications.expectRefused(token, badToken('algorithm_refused'));
    await applications.expectAccepted(await fixture.issuer.token({ alg: 'RS256' }));
  });

  it.each([
    ['PS256', undefined, 'RS256'],
    ['RS256', ['PS256'], 'PS256'],
    ['RS512', ['ES256', 'PS384'], 'PS384'],
  ] as const)(
    'an RSA key without alg refuses %s when it is pinned to another algorithm (algorithms: %j) [RS-8725-3.1-d]',
    async (refused, configured, pinned) => {
      const { issuer, forge } = fixture;
      const { kid, publicJwk, privateKey } = await issuer.keys.current('RS256');
      const jwk = { ...publicJwk, alg: undefined };
      const own = { issuer: issuer.issuer, jwks: { keys: [jwk, ...jwksOf(issuer).keys.slice(0, 1)] } };
      const server = serverWithKeys(issuer.issuer, [], {
        issuer: { ...own, ...(configured && { algorithms: configured }) },
      });
      const signedWith = (alg: SignatureAlgorithm) =>
        forge.token({ header: { alg, kid }, signer: signerOf(alg, privateKey) });
      await expectRefused(server, signedWith(refused), badToken('algorithm_refused'));
      await expectAccepted(server, signedWith(pinned));
    },
  );

  it('a valid signature by an algorithm that is not configured is refused [RS-7515-5.2-b]', async () => {
    const { issuer, server } = fixture;
    const only = serverWithKeys(issuer.issuer, [], {
      issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer), algorithms: ['ES256'] },
    });
    for (const alg of algorithms.slice(1)) {
      const token = await issuer.token({ alg });
      await expectAccepted(server, token);
      await expectRefused(only, token, badToken('algorithm_refused'));
    }
    await expectAccepted(only, await issuer.token({ alg: 'ES256' }));
  });

  it.each(unsupported)('a token with the registered algorithm %s is refused [RS-7518-3.1-a]', async (alg) => {
    await expectRefused(fixture.server, fixture.forge.token({ header: { alg } }), badToken('algorithm_refused'));
  });

  it('Ed25519 and EdDSA name the same algorithm, in the key and in the token [RS-9864-a]', async () => {
    const { issuer, forge } = fixture;
    const { publicJwk, privateKey, kid } = await issuer.keys.current('Ed25519');
    for (const named of ['Ed25519', 'EdDSA', undefined] as const) {
      const server = serverWithKeys(issuer.issuer, [{ ...publicJwk, alg: named }]);
      for (const alg of ['Ed25519', 'EdDSA'] as const) {
        await expectAccepted(server, forge.token({ header: { alg, kid }, signer: signerOf(alg, privateKey) }));
      }
    }
  });
});

/** A published key with one defect. `change` makes it. */
interface OddKey {
  readonly defect: string;
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

const decoded = (member: unknown) => Buffer.from(String(member), 'base64url');
const encoded = (octets: Uint8Array) => Buffer.from(octets).toString('base64url');
const ledByZero = (member: unknown) => encoded(Buffer.concat([Buffer.of(0), decoded(member)]));

const oddKeys: readonly OddKey[] = [
  { defect: 'kty is RSA [RS-7517-4.1-a]', key: 'p256', alg: 'ES256', change: () => ({ kty: 'RSA' }) },
  { defect: 'kty is OKP [RS-7517-4.1-a]', key: 'p256', alg: 'ES256', change: () => ({ kty: 'OKP' }) },
  { defect: 'kty is ec [RS-7517-4.1-a]', key: 'p256', alg: 'ES256', change: () => ({ kty: 'ec' }) },
  { defect: 'kty is missing [RS-7517-4.1-a]', key: 'p256', alg: 'ES256', change: () => ({ kty: undefined }) },
  { defect: 'kty is a list [RS-7517-4.1-a]', key: 'p256', alg: 'ES256', change: () => ({ kty: ['EC'] }) },
  { defect: 'kty is EC [RS-7517-4.1-a]', key: 'rsa', alg: 'RS256', change: () => ({ kty: 'EC' }) },
  { defect: 'use is enc [RS-7517-4.2-a]', key: 'p256', alg: 'ES256', change: () => ({ use: 'enc' }) },
  { defect: 'use is enc [RS-7517-4.2-a]', key: 'rsa', alg: 'RS256', change: () => ({ use: 'enc' }) },
  { defect: 'use is SIG [RS-7517-4.2-a]', key: 'p256', alg: 'ES256', change: () => ({ use: 'SIG' }) },
  { defect: 'key_ops is sign [RS-7517-4.3-a]', key: 'p256', alg: 'ES256', change: () => ({ key_ops: ['sign'] }) },
  { defect: 'key_ops is empty [RS-7517-4.3-a]', key: 'p256', alg: 'ES256', change: () => ({ key_ops: [] }) },
  { defect: 'key_ops is not a list [RS-7517-4.3-a]', key: 'p256', alg: 'ES256', change: () => ({ key_ops: 'verify' }) },
  {
    defect: 'key_ops contradicts use [RS-7517-4.3-b]',
    key: 'p256',
    alg: 'ES256',
    change: () => ({ use: 'sig', key_ops: ['encrypt'] }),
  },
  {
    defect: 'use contradicts key_ops [RS-7517-4.3-b]',
    key: 'p256',
    alg: 'ES256',
    change: () => ({ use: 'enc', key_ops: ['verify'] }),
  },
  { defect: 'alg is ES384 [RS-7518-3.4-b]', key: 'p256', alg: 'ES384', change: () => ({ alg: 'ES384' }) },
  { defect: 'alg is ES256 [RS-7518-3.4-b]', key: 'p384', alg: 'ES256', change: () => ({ alg: 'ES256' }) },
  { defect: 'crv is P-384 [RS-7518-3.4-b]', key: 'p256', alg: 'ES256', change: () => ({ crv: 'P-384' }) },
  { defect: 'crv is p-256 [RS-7518-3.4-b]', key: 'p256', alg: 'ES256', change: () => ({ crv: 'p-256' }) },
  { defect: 'crv is secp256k1 [RS-7518-3.4-b]', key: 'p256', alg: 'ES256', change: () => ({ crv: 'secp256k1' }) },
  { defect: 'alg is HS256 [RS-7517-4.4-a]', key: 'p256', alg: 'ES256', change: () => ({ alg: 'HS256' }) },
  { defect: 'alg is none [RS-7517-4.4-a]', key: 'p256', alg: 'ES256', change: () => ({ alg: 'none' }) },
  { defect: 'alg is es256 [RS-7517-4.4-a]', key: 'p256', alg: 'ES256', change: () => ({ alg: 'es256' }) },
  { defect: 'alg is RSA-OAEP [RS-7517-4.4-a]', key: 'rsa', alg: 'RS256', change: () => ({ alg: 'RSA-OAEP' }) },
  {
    defect: 'the point is not on the curve [RS-7518-6.2-a] [RS-8725-3.4-a]',
    key: 'p256',
    alg: 'ES256',
    change: ({ y }) => ({ y: encoded(octetsOf(integerOf(decoded(y)) ^ 1n, 32)) }),
  },
  {
    defect: 'the point is the origin [RS-7518-6.2-a] [RS-8725-3.4-a]',
    key: 'p256',
    alg: 'ES256',
    change: () => ({ x: encoded(Buffer.alloc(32)), y: encoded(Buffer.alloc(32)) }),
  },
  {
    defect: 'x has one octet too many [RS-7518-6.2-a]',
    key: 'p256',
    alg: 'ES256',
    change: ({ x }) => ({ x: ledByZero(x) }),
  },
  {
    defect: 'x has one octet too few [RS-7518-6.2-a]',
    key: 'p256',
    alg: 'ES256',
    change: ({ x }) => ({ x: encoded(decoded(x).subarray(1)) }),
  },
  { defect: 'y is missing [RS-7518-6.2-a]', key: 'p256', alg: 'ES256', change: () => ({ y: undefined }) },
  { defect: 'x is padded [RS-7638-3-b]', key: 'p256', alg: 'ES256', change: ({ x }) => ({ x: `${x}=` }) },
  { defect: 'n has leading zeros [RS-7638-3-b]', key: 'rsa', alg: 'RS256', change: ({ n }) => ({ n: ledByZero(n) }) },
  { defect: 'e has leading zeros [RS-7638-3-b]', key: 'rsa', alg: 'RS256', change: ({ e }) => ({ e: ledByZero(e) }) },
  { defect: 'e is missing', key: 'rsa', alg: 'RS256', change: () => ({ e: undefined }) },
  {
    defect: 'x has one octet too many [RS-8037-3.1-a]',
    key: 'ed25519',
    alg: 'Ed25519',
    change: ({ x }) => ({ x: encoded(Buffer.concat([decoded(x), Buffer.of(0)])) }),
  },
  {
    defect: 'x has one octet too few [RS-8037-3.1-a]',
    key: 'ed25519',
    alg: 'Ed25519',
    change: ({ x }) => ({ x: encoded(decoded(x).subarray(0, 31)) }),
  },
  { defect: 'crv is X25519 [RS-8037-2-a]', key: 'ed25519', alg: 'EdDSA', change: () => ({ crv: 'X25519' }) },
  { defect: 'crv is Ed448 [RS-8037-2-a]', key: 'ed25519', alg: 'EdDSA', change: () => ({ crv: 'Ed448' }) },
  { defect: 'kid is a number', key: 'p256', alg: 'ES256', change: () => ({ kid: 7 }) },
];

describe('defective keys in a JWKS', () => {
  it.each(oddKeys)(
    'a $key key is skipped, and the others are used, when $defect (token with $alg)',
    async ({ key, alg, change }) => {
      const { publicKey, privateKey } = pairs[key];
      const jwk: Members = { ...publicKey.export({ format: 'jwk' }), kid: 'odd' };
      const forge = makeForge({ issuer: fixture.issuer.issuer, alg, kid: 'odd', privateKey });
      const [beside = {}] = jwksOf(fixture.issuer).keys;
      const server = serverWithKeys(fixture.issuer.issuer, [{ ...jwk, ...change(jwk) }, beside]);
      await expectRefused(server, forge.token(), badToken('key_unknown'));
      await expectAccepted(server, fixture.forge.token());
    },
  );

  it.each(Object.keys(pairs) as (keyof typeof pairs)[])(
    'a valid %s key beside defective keys is used [RS-7517-5-b]',
    async (key) => {
      const alg = ({ p256: 'ES256', p384: 'ES384', rsa: 'RS256', ed25519: 'Ed25519' } as const)[key];
      const { publicKey, privateKey } = pairs[key];
      const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'odd' };
      const bad = { kty: 'XYZ', kid: 'worse' };
      const server = serverWithKeys(fixture.issuer.issuer, [
        bad,
        { ...jwk, key_ops: ['verify'], use: 'sig' },
        { kty: 'RSA' },
      ]);
      await expectAccepted(server, makeForge({ issuer: fixture.issuer.issuer, alg, kid: 'odd', privateKey }).token());
    },
  );

  it('a key on secp256k1 verifies no ES256 token, though it looks like P-256 [RS-7518-3.4-b]', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    await expectSkipped(publicKey, privateKey, 'ES256', {});
    await expectSkipped(publicKey, privateKey, 'ES256', { crv: 'P-256' });
    await expectSkipped(publicKey, privateKey, 'ES256', { alg: 'ES256' });
  });

  it('an RSA key of 1024 bits is not used [RS-7518-3.3-a]', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    await expectSkipped(publicKey, privateKey, 'RS256', { alg: 'RS256' });
    await expectSkipped(publicKey, privateKey, 'PS256', { alg: 'PS256' });
  });

  it('an RSA key with the exponent 3 is not used [RS-7518-3.3-b]', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
    await expectSkipped(publicKey, privateKey, 'RS256', { alg: 'RS256' });
  });

  it.each(['AQ', 'AA', 'Ag', 'AQAA'])('an RSA key with the exponent %s is not used [RS-7518-3.3-b]', async (e) => {
    // With the exponent one, the padded digest is its own signature, so no private key is needed.
    const forge = makeForge({
      issuer: fixture.issuer.issuer,
      alg: 'RS256',
      kid: 'odd',
      privateKey: pairs.rsa.privateKey,
    });
    const token = forge.token({ signer: (signingInput) => pkcs1Block(signingInput, 256) });
    const jwk = { ...pairs.rsa.publicKey.export({ format: 'jwk' }), e, kid: 'odd' };
    const server = serverWithKeys(fixture.issuer.issuer, [jwk, ...jwksOf(fixture.issuer).keys]);
    await expectRefused(server, token, badToken('key_unknown'));
    await expectAccepted(server, fixture.forge.token());
  });

  async function expectSkipped(publicKey: KeyObject, privateKey: KeyObject, alg: SignatureAlgorithm, members: Members) {
    const jwk = { ...publicKey.export({ format: 'jwk' }), ...members, kid: 'odd' };
    const forge = makeForge({ issuer: fixture.issuer.issuer, alg, kid: 'odd', privateKey });
    const server = serverWithKeys(fixture.issuer.issuer, [jwk, ...jwksOf(fixture.issuer).keys]);
    await expectRefused(server, forge.token(), badToken('key_unknown'));
    await expectAccepted(server, fixture.forge.token());
  }
});

describe('several keys with the same kid', () => {
  const named = (key: keyof typeof pairs, members: Members = {}): Members => ({
    ...pairs[key].publicKey.export({ format: 'jwk' }),
    kid: '1',
    ...members,
  });
  const signedWith = (key: keyof typeof pairs, alg: SignatureAlgorithm, kid: string | undefined = '1') =>
    makeForge({ issuer: fixture.issuer.issuer, alg, kid: '1', privateKey: pairs[key].privateKey }).token({
      header: { kid },
    });

  it('keys of two types may share a kid, and each verifies its own algorithm [RS-7517-4.5-a]', async () => {
    const server = serverWithKeys(fixture.issuer.issuer, [named('p256'), named('rsa')]);
    await expectAccepted(server, signedWith('p256', 'ES256'));
    await expectAccepted(server, signedWith('rsa', 'RS256'));
    await expectRefused(server, signedWith('rsa', 'PS256'), badToken('algorithm_refused'));
    await expectRefused(server, signedWith('rsa', 'ES256'), badToken('signature_invalid'));
  });

  it('two suitable keys with the same kid are both refused, since keys are not tried in turn', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const server = serverWithKeys(fixture.issuer.issuer, [named('p256'), { ...other, kid: '1' }]);
    await expectRefused(server, signedWith('p256', 'ES256'), badToken('key_unknown'));
  });

  it('a token without kid is verified with the only suitable key, and refused with two [RS-7517-4.5-b]', async () => {
    const withoutKid = makeForge({
      issuer: fixture.issuer.issuer,
      alg: 'ES256',
      kid: '1',
      privateKey: pairs.p256.privateKey,
    }).token({ header: { kid: undefined } });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const one = serverWithKeys(fixture.issuer.issuer, [named('p256'), named('rsa')]);
    await expectAccepted(one, withoutKid);
    const two = serverWithKeys(fixture.issuer.issuer, [named('p256'), { ...other, kid: '2' }]);
    await expectRefused(two, withoutKid, badToken('key_unknown'));
    const none = serverWithKeys(fixture.issuer.issuer, [named('rsa')]);
    await expectRefused(none, withoutKid, badToken('key_unknown'));
  });
});
