import { constants, createCipheriv, createPublicKey, pbkdf2Sync, publicEncrypt, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badRequest, badToken, type Refused } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { type Members, partsOf, segment, signCompact } from './support/jws-builder.js';
import { coldServerOf, type Fixture, openFixture } from './support/servers.js';
import { expectAccepted, expectRefused, expectTokenRefused } from './support/verdicts.js';

/*
 * Attack: an encrypted token in place of a signed one. Any party can encrypt to a public key, so
 * encryption proves no sender. Nothing is decrypted here, and a token has three parts.
 */

let fixture: Fixture;
let applications: Applications;

beforeAll(async () => {
  fixture = await openFixture(['RS256']);
  applications = await startApplications(fixture.options);
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

const opaque = badToken('token_opaque');
const malformed = badToken('token_malformed');

/** A JWE in compact serialization (RFC 7516 section 7.1) with content encryption A256GCM. */
function jwe(
  header: Members,
  contentKey: Uint8Array,
  encryptedKey: Uint8Array,
  plaintext: string | Uint8Array,
): string {
  const [protectedHeader, iv] = [segment(header), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(protectedHeader));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return [protectedHeader, ...[encryptedKey, iv, ciphertext, cipher.getAuthTag()].map(segment)].join('.');
}

/** Encrypted to the issuer's public key, as any party can do. */
async function encryptedToPublicKey(plaintext: string | Uint8Array, members: Members = {}): Promise<string> {
  const { publicJwk, kid } = await fixture.issuer.keys.current('RS256');
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  const contentKey = randomBytes(32);
  const encryptedKey = publicEncrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    contentKey,
  );
  return jwe(
    { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, typ: 'at+jwt', ...members },
    contentKey,
    encryptedKey,
    plaintext,
  );
}

describe('encrypted tokens (JWE)', () => {
  it('the control: the token that the other tests encrypt is accepted', async () => {
    await expectAccepted(fixture.server, fixture.forge.token());
  });

  it('a JWE encrypted to the public key is refused [RS-8725-3.3-b] [RS-7515-9-a]', async () => {
    const token = await encryptedToPublicKey(JSON.stringify(fixture.forge.claims({ scope: 'admin' })));
    await expectRefused(fixture.server, token, opaque);
    await expectTokenRefused(fixture.server, token, opaque);
    await applications.expectRefused(token, opaque);
  });

  it('a JWE that contains a valid token is not decrypted [RS-7515-9-a] [RS-7519-7.2-b]', async () => {
    await expectRefused(fixture.server, await encryptedToPublicKey(fixture.forge.token(), { cty: 'JWT' }), opaque);
  });

  it('a JWE with a guessable content key is not decrypted [RS-7515-9-a]', async () => {
    const claims = JSON.stringify(fixture.forge.claims());
    for (const contentKey of [Buffer.alloc(32), Buffer.alloc(32, 0xff)]) {
      const header = { alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', kid: fixture.forge.kid };
      await expectRefused(fixture.server, jwe(header, contentKey, Buffer.alloc(0), claims), opaque);
    }
  });

  it('a JWE with a thousand million PBES2 iterations starts no key derivation [RS-8725-3.13-a]', async () => {
    const salt = randomBytes(16);
    const key = pbkdf2Sync('password', salt, 1, 32, 'sha256');
    const header = { alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2s: salt.toString('base64url'), p2c: 1_000_000_000 };
    await expectRefused(fixture.server, jwe(header, key, randomBytes(40), '{}'), opaque);
  });

  it('a JWE with megabytes of compressed data is not decompressed [RS-8725-3.15-a]', async () => {
    const bomb = deflateRawSync(Buffer.alloc(4_000_000));
    const token = await encryptedToPublicKey(bomb, { zip: 'DEF' });
    expect(token.length).toBeLessThan(8192);
    await expectRefused(fixture.server, token, opaque);
  });

  it('a JWE causes no request to the issuer [RS-7515-9-a]', async () => {
    const server = coldServerOf(fixture.issuer);
    fixture.issuer.requests.reset();
    await expectRefused(server, await encryptedToPublicKey('{}'), opaque);
    expect([fixture.issuer.requests.count('discovery'), fixture.issuer.requests.count('jwks')]).toEqual([0, 0]);
    await server.close();
  });

  it.each(['dir', 'RSA-OAEP-256', 'RSA1_5', 'ECDH-ES', 'A128KW', 'PBES2-HS256+A128KW'])(
    'a token of three parts with the JWE algorithm %s is refused [RS-7515-9-a]',
    async (alg) => {
      const header = { alg, enc: 'A256GCM' };
      await expectRefused(fixture.server, fixture.forge.token({ header }), badToken('algorithm_refused'));
    },
  );
});

describe('nested tokens', () => {
  it.each(['JWT', 'jwt', 'application/jwt', undefined])(
    'a nested token is not read, although it is valid (cty %s) [RS-7519-7.2-b] [RS-8725-3.3-a]',
    async (cty) => {
      const { forge, server } = fixture;
      const inner = forge.token();
      for (const payload of [inner, JSON.stringify(inner), `{"jwt":"${inner}"`]) {
        await expectRefused(server, signCompact(forge.header({ cty }), payload, forge.signer), malformed);
      }
    },
  );

  it('a valid nested token does not make the outer token valid [RS-8725-3.3-a]', async () => {
    const { forge, server } = fixture;
    const around = signCompact(forge.header(), forge.claims({ jwt: forge.token() }), () => Buffer.alloc(256));
    await expectRefused(server, around, badToken('signature_invalid'));
  });
});

describe('the number of parts of a token', () => {
  const [part, rest] = ['e30', 'eyJhbGciOiJub25lIn0'];

  const shapes: readonly (readonly [name: string, make: () => string, refused: Refused])[] = [
    ['no dot', () => rest, opaque],
    ['one dot', () => `${rest}.${part}`, opaque],
    ['three dots', () => `${fixture.forge.token()}.${part}`, opaque],
    ['three dots, the last part empty', () => `${fixture.forge.token()}.`, opaque],
    ['three dots, the first part empty', () => `.${fixture.forge.token()}`, opaque],
    ['four dots', () => `${fixture.forge.token()}.${part}.${part}`, opaque],
    ['four dots, both parts behind the signature empty', () => `${fixture.forge.token()}..`, opaque],
    ['five dots', () => `${fixture.forge.token()}.${part}.${part}.${part}`, opaque],
    ['six dots', () => `${fixture.forge.token()}.${part}.${part}.${part}.${part}`, opaque],
    ['two tokens in a row', () => `${fixture.forge.token()}.${fixture.forge.token()}`, opaque],
    ['only dots', () => '..', malformed],
    ['as many dots as the size limit allows', () => '.'.repeat(8192), opaque],
    ['an empty header', () => `.${partsOf(fixture.forge.token()).payload}.${part}`, malformed],
    ['an empty signature', () => fixture.forge.token({ signer: () => Buffer.alloc(0) }), badToken('signature_invalid')],
    ['disclosures of an SD-JWT', () => `${fixture.forge.token()}~WyJzYWx0Iiwic2NvcGUiLCJhZG1pbiJd~`, malformed],
  ];

  it.each(shapes)('a token with %s is refused [RS-7515-7.1-a]', async (_name, make, refused) => {
    await expectRefused(fixture.server, make(), refused);
  });

  it('a token with three valid parts is accepted [RS-7515-7.1-a]', async () => {
    await expectAccepted(fixture.server, fixture.forge.token());
  });
});

describe('the JWS JSON serialization', () => {
  it.each(['general', 'flattened'])('the %s JSON serialization of a JWS is refused [RS-7515-7.2-a]', async (form) => {
    const { header, payload, signature } = partsOf(fixture.forge.token());
    const signatures = [{ protected: header, signature }];
    const text = JSON.stringify(form === 'general' ? { payload, signatures } : { payload, ...signatures[0] });
    await expectRefused(fixture.server, text, badRequest('credentials_malformed'));
    await expectTokenRefused(fixture.server, text, malformed);
    await expectRefused(fixture.server, segment(text), opaque);
    await applications.expectRefused(text, badRequest('credentials_malformed'));
  });
});
