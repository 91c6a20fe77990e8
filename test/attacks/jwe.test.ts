import { constants, createCipheriv, createPublicKey, pbkdf2Sync, publicEncrypt, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badRequest, badToken, type Refused } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { type Members, partsOf, segment, signCompact } from './support/jws-builder.js';
import { type Arena, coldServerOf, openArena } from './support/servers.js';
import { expectAdmitted, expectRefused, expectTokenRefused } from './support/verdicts.js';

/*
 * Encryption is no signature: everybody can encrypt to a public key. Here nothing is decrypted,
 * and a token has three parts.
 */

let arena: Arena;
let applications: Applications;

beforeAll(async () => {
  arena = await openArena(['RS256']);
  applications = await startApplications(arena.options);
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

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

/** Encrypted to the issuer's public key, as anybody can. */
async function encryptedToPublicKey(plaintext: string | Uint8Array, members: Members = {}): Promise<string> {
  const { publicJwk, kid } = await arena.issuer.keys.current('RS256');
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

describe('a JWE', () => {
  it('the claims and the token that are encrypted below are good ones', async () => {
    await expectAdmitted(arena.server, arena.forge.token());
  });

  it('[RS-8725-3.3-b] [RS-7515-9-a] that anybody encrypted to the public key vouches for nothing', async () => {
    const token = await encryptedToPublicKey(JSON.stringify(arena.forge.claims({ scope: 'admin' })));
    await expectRefused(arena.server, token, opaque);
    await expectTokenRefused(arena.server, token, opaque);
    await applications.expectRefused(token, opaque);
  });

  it('[RS-7515-9-a] [RS-7519-7.2-b] with a good token in it is not opened', async () => {
    await expectRefused(arena.server, await encryptedToPublicKey(arena.forge.token(), { cty: 'JWT' }), opaque);
  });

  it('[RS-7515-9-a] with a content key that both sides could guess is not opened', async () => {
    const claims = JSON.stringify(arena.forge.claims());
    for (const contentKey of [Buffer.alloc(32), Buffer.alloc(32, 0xff)]) {
      const header = { alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', kid: arena.forge.kid };
      await expectRefused(arena.server, jwe(header, contentKey, Buffer.alloc(0), claims), opaque);
    }
  });

  it('[RS-8725-3.13-a] whose password wants a thousand million rounds is not begun', async () => {
    const salt = randomBytes(16);
    const key = pbkdf2Sync('password', salt, 1, 32, 'sha256');
    const header = { alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2s: salt.toString('base64url'), p2c: 1_000_000_000 };
    await expectRefused(arena.server, jwe(header, key, randomBytes(40), '{}'), opaque);
  });

  it('[RS-8725-3.15-a] with megabytes squeezed into it is not unpacked', async () => {
    const bomb = deflateRawSync(Buffer.alloc(4_000_000));
    const token = await encryptedToPublicKey(bomb, { zip: 'DEF' });
    expect(token.length).toBeLessThan(8192);
    await expectRefused(arena.server, token, opaque);
  });

  it('[RS-7515-9-a] costs the issuer no request', async () => {
    const server = coldServerOf(arena.issuer);
    arena.issuer.requests.reset();
    await expectRefused(server, await encryptedToPublicKey('{}'), opaque);
    expect([arena.issuer.requests.count('discovery'), arena.issuer.requests.count('jwks')]).toEqual([0, 0]);
    await server.close();
  });

  it.each(['dir', 'RSA-OAEP-256', 'RSA1_5', 'ECDH-ES', 'A128KW', 'PBES2-HS256+A128KW'])(
    '[RS-7515-9-a] cut down to three parts has no algorithm: %s',
    async (alg) => {
      const header = { alg, enc: 'A256GCM' };
      await expectRefused(arena.server, arena.forge.token({ header }), badToken('algorithm_refused'));
    },
  );
});

describe('a token in a token', () => {
  it.each(['JWT', 'jwt', 'application/jwt', undefined])(
    '[RS-7519-7.2-b] [RS-8725-3.3-a] is not read, good as it is (cty %s)',
    async (cty) => {
      const { forge, server } = arena;
      const inner = forge.token();
      for (const payload of [inner, JSON.stringify(inner), `{"jwt":"${inner}"`]) {
        await expectRefused(server, signCompact(forge.header({ cty }), payload, forge.signer), malformed);
      }
    },
  );

  it('[RS-8725-3.3-a] does not vouch for the one around it', async () => {
    const { forge, server } = arena;
    const around = signCompact(forge.header(), forge.claims({ jwt: forge.token() }), () => Buffer.alloc(256));
    await expectRefused(server, around, badToken('signature_invalid'));
  });
});

describe('a token has three parts', () => {
  const [part, rest] = ['e30', 'eyJhbGciOiJub25lIn0'];

  const shapes: readonly (readonly [law: string, make: () => string, refused: Refused])[] = [
    ['no dot', () => rest, opaque],
    ['one dot', () => `${rest}.${part}`, opaque],
    ['three dots', () => `${arena.forge.token()}.${part}`, opaque],
    ['three dots, the last part empty', () => `${arena.forge.token()}.`, opaque],
    ['three dots, the first part empty', () => `.${arena.forge.token()}`, opaque],
    ['four dots', () => `${arena.forge.token()}.${part}.${part}`, opaque],
    ['four dots, all empty behind the third part', () => `${arena.forge.token()}..`, opaque],
    ['five dots', () => `${arena.forge.token()}.${part}.${part}.${part}`, opaque],
    ['six dots', () => `${arena.forge.token()}.${part}.${part}.${part}.${part}`, opaque],
    ['two tokens in a row', () => `${arena.forge.token()}.${arena.forge.token()}`, opaque],
    ['dots and nothing else', () => '..', malformed],
    ['as many dots as fit', () => '.'.repeat(8192), opaque],
    ['an empty header', () => `.${partsOf(arena.forge.token()).payload}.${part}`, malformed],
    ['an empty signature', () => arena.forge.token({ signer: () => Buffer.alloc(0) }), badToken('signature_invalid')],
    ['disclosures of an SD-JWT', () => `${arena.forge.token()}~WyJzYWx0Iiwic2NvcGUiLCJhZG1pbiJd~`, malformed],
  ];

  it.each(shapes)('[RS-7515-7.1-a] and not %s', async (_law, make, refused) => {
    await expectRefused(arena.server, make(), refused);
  });

  it('[RS-7515-7.1-a] three good ones are admitted', async () => {
    await expectAdmitted(arena.server, arena.forge.token());
  });
});

describe('JSON serialization', () => {
  it.each(['general', 'flattened'])('[RS-7515-7.2-a] is no token: %s', async (form) => {
    const { header, payload, signature } = partsOf(arena.forge.token());
    const signatures = [{ protected: header, signature }];
    const text = JSON.stringify(form === 'general' ? { payload, signatures } : { payload, ...signatures[0] });
    await expectRefused(arena.server, text, badRequest('credentials_malformed'));
    await expectTokenRefused(arena.server, text, malformed);
    await expectRefused(arena.server, segment(text), opaque);
    await applications.expectRefused(text, badRequest('credentials_malformed'));
  });
});
