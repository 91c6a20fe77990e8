import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { SignatureAlgorithm } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { type Applications, startApplications } from './support/applications.js';
import { type Forge, forgeOf } from './support/forge.js';
import { integerOf, joinRS, octetsOf, orders, reversed, splitRS } from './support/integers.js';
import {
  type Members,
  partsOf,
  type Signer,
  signatureOf,
  signerOf,
  signSegments,
  withSignature,
} from './support/jws-builder.js';
import {
  digestInfoPrefixes,
  type Pkcs1Block,
  type PssBlock,
  pkcs1Block,
  pssBlock,
  rawRsaSigner,
  sha256,
} from './support/rsa-encodings.js';
import { type Arena, jwksOf, openArena, serverWithKeys } from './support/servers.js';
import { expectAdmitted, expectRefused } from './support/verdicts.js';

/*
 * Signatures that nobody made, and second spellings of one that somebody did.
 */

const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'Ed25519'] as const;
type Forges = Readonly<Record<(typeof algorithms)[number], Forge>>;

let arena: Arena;
let applications: Applications;
let forges: Forges;

beforeAll(async () => {
  arena = await openArena(algorithms);
  applications = await startApplications(arena.options);
  const made = await Promise.all(algorithms.map(async (alg) => [alg, await forgeOf(arena.issuer, alg)] as const));
  forges = Object.fromEntries(made) as unknown as Forges;
});

afterAll(() => Promise.all([arena.close(), applications.close()]));

const invalid = badToken('signature_invalid');

/** A token under a signature that no key made. */
function under(alg: keyof Forges, signature: Uint8Array): string {
  return withSignature(forges[alg].token(), signature);
}

/** A good token, its signature changed. */
function altered(alg: keyof Forges, change: (signature: Buffer) => Uint8Array): string {
  const token = forges[alg].token();
  return withSignature(token, change(signatureOf(token)));
}

it.each(algorithms)('%s as its issuer makes it is admitted', async (alg) => {
  await expectAdmitted(arena.server, forges[alg].token());
});

it('[RS-7515-5.2-c] what is signed are the octets received: white space and escapes stay as they are', async () => {
  const { forge, server } = arena;
  const [pretty, spaced] = [JSON.stringify(forge.header(), null, 2), ` ${JSON.stringify(forge.claims())}\r\n\t`];
  const escaped = JSON.stringify(forge.claims()).replace('"iss"', '"\\u0069\\u0073\\u0073"');
  for (const payload of [spaced, escaped]) {
    const [header, body] = [pretty, payload].map((text) => Buffer.from(text).toString('base64url'));
    const token = signSegments(header ?? '', body ?? '', forge.signer);
    await expectAdmitted(server, token);
    const { signature } = partsOf(token);
    const minified = Buffer.from(JSON.stringify(JSON.parse(pretty))).toString('base64url');
    await expectRefused(server, `${minified}.${body}.${signature}`, invalid);
  }
});

const curves = [
  { alg: 'ES256', octets: 32, order: orders['P-256'] },
  { alg: 'ES384', octets: 48, order: orders['P-384'] },
  { alg: 'ES512', octets: 66, order: orders['P-521'] },
] as const;

describe.each(curves)('ECDSA: $alg', ({ alg, octets, order }) => {
  const largest = 2n ** BigInt(octets * 8) - 1n;
  const outside = { 0: 0n, n: order, 'n + 1': order + 1n, 'the largest number': largest };
  const inside = { 1: 1n, 'n - 1': order - 1n };
  const numbers = Object.entries({ ...outside, ...inside });
  const pairs = numbers.flatMap(([nameR, r]) => numbers.map(([nameS, s]) => ({ nameR, nameS, r, s })));

  it.each(pairs)('[RS-7518-3.4-c] r = $nameR and s = $nameS sign nothing', async ({ r, s }) => {
    await expectRefused(arena.server, under(alg, joinRS(r, s, octets)), invalid);
  });

  it('[RS-7518-3.4-c] a zero beside half a signature signs nothing', async () => {
    const { r, s } = splitRS(signatureOf(forges[alg].token()));
    for (const [left, right] of [
      [r, 0n],
      [0n, s],
      [r, order],
      [order, s],
      [s, r],
    ] as const) {
      await expectRefused(
        arena.server,
        altered(alg, () => joinRS(left, right, octets)),
        invalid,
      );
    }
  });

  it('[RS-7518-3.4-c] a zero in the place of r or s of its own signature is refused', async () => {
    for (const change of [
      (signature: Buffer) => Buffer.concat([signature.subarray(0, octets), Buffer.alloc(octets)]),
      (signature: Buffer) => Buffer.concat([Buffer.alloc(octets), signature.subarray(octets)]),
    ]) {
      await expectRefused(arena.server, altered(alg, change), invalid);
    }
  });

  it('s and n - s are one signature in two forms, and both are legal', async () => {
    const mirrored = altered(alg, (signature) => {
      const { r, s } = splitRS(signature);
      return joinRS(r, order - s, octets);
    });
    await expectAdmitted(arena.server, mirrored);
  });

  it('a mirrored r is another signature', async () => {
    const mirrored = altered(alg, (signature) => {
      const { r, s } = splitRS(signature);
      return joinRS(order - r, s, octets);
    });
    await expectRefused(arena.server, mirrored, invalid);
  });

  it('[RS-7518-3.4-a] a signature in DER is refused', async () => {
    const { privateKey } = forges[alg];
    const der: Signer = (signingInput) =>
      sign(`sha${alg.slice(2)}`, Buffer.from(signingInput), { key: privateKey, dsaEncoding: 'der' });
    await expectRefused(arena.server, forges[alg].token({ signer: der }), invalid);
    const cut: Signer = (signingInput) => Buffer.from(der(signingInput)).subarray(0, octets * 2);
    await expectRefused(arena.server, forges[alg].token({ signer: cut }), invalid);
  });

  it.each([0, 1, octets, octets * 2 - 1, octets * 2 + 1, octets * 2 + 2, octets * 4])(
    '[RS-7518-3.4-a] a signature of %i octets is refused',
    async (length) => {
      const resized = altered(alg, (signature) =>
        Buffer.concat([signature, Buffer.alloc(octets * 4)]).subarray(0, length),
      );
      await expectRefused(arena.server, resized, invalid);
    },
  );

  it('[RS-7518-3.4-a] halves of another length are refused, whatever they are padded with', async () => {
    const padded = (left: number, right: number) => (signature: Buffer) =>
      Buffer.concat([
        Buffer.alloc(left),
        signature.subarray(0, octets),
        Buffer.alloc(right),
        signature.subarray(octets),
      ]);
    for (const change of [padded(1, 1), padded(1, 0), padded(0, 1), padded(8, 8)]) {
      await expectRefused(arena.server, altered(alg, change), invalid);
    }
    await expectAdmitted(arena.server, altered(alg, padded(0, 0)));
  });

  it('little-endian halves are refused', async () => {
    const turned = altered(alg, (signature) =>
      Buffer.concat([reversed(signature.subarray(0, octets)), reversed(signature.subarray(octets))]),
    );
    await expectRefused(arena.server, turned, invalid);
  });

  it.each(['sha1', 'sha256', 'sha384', 'sha512'].filter((digest) => digest !== `sha${alg.slice(2)}`))(
    'a signature over %s is refused',
    async (digest) => {
      const { privateKey } = forges[alg];
      const signer: Signer = (signingInput) =>
        sign(digest, Buffer.from(signingInput), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      await expectRefused(arena.server, forges[alg].token({ signer }), invalid);
    },
  );
});

describe('ECDSA with room above the order', () => {
  // The halves of an ES512 signature have seven bits more than the order.
  it.each([
    [1n, 0n],
    [0n, 1n],
    [1n, 1n],
    [2n, 0n],
    [0n, 64n],
  ])('[RS-7518-3.4-c] r + %s and s + %s are not r and s (n is the order)', async (timesR, timesS) => {
    const shifted = altered('ES512', (signature) => {
      const { r, s } = splitRS(signature);
      return joinRS(r + timesR * orders['P-521'], s + timesS * orders['P-521'], 66);
    });
    await expectRefused(arena.server, shifted, invalid);
  });

  it('the psychic signature is refused in every framework', async () => {
    await applications.expectRefused(under('ES256', Buffer.alloc(64)), invalid);
    await applications.expectRefused(under('ES256', joinRS(orders['P-256'], orders['P-256'], 32)), invalid);
    await applications.expectAdmitted(forges.ES256.token());
  });
});

/** The modulus of an RSA key. */
function modulusOf(key: KeyObject): bigint {
  return integerOf(Buffer.from(String(key.export({ format: 'jwk' }).n), 'base64url'));
}

/** The first token whose signature, as a number, is as asked; signatures are as good as random. */
function tokenWhere(alg: 'RS256' | 'PS256', holds: (signature: Buffer) => boolean): string {
  for (let tries = 0; tries < 10_000; tries++) {
    const token = forges[alg].token();
    if (holds(signatureOf(token))) return token;
  }
  throw new Error('no such signature');
}

describe.each(['RS256', 'PS256'] as const)('RSA: %s', (alg) => {
  const octets = 256;

  it('numbers that are their own roots sign nothing', async () => {
    const modulus = modulusOf(forges[alg].privateKey);
    for (const number of [0n, 1n, modulus - 1n, modulus, modulus + 1n, 2n ** 2048n - 1n]) {
      await expectRefused(arena.server, under(alg, octetsOf(number, octets)), invalid);
    }
  });

  it.each([0, 1, 128, 255, 257, 512])('a signature of %i octets is refused', async (length) => {
    const cut = altered(alg, (signature) => Buffer.concat([signature, Buffer.alloc(octets)]).subarray(0, length));
    await expectRefused(arena.server, cut, invalid);
  });

  it('zeros in front of a signature are another spelling, and refused', async () => {
    for (const zeros of [1, 2, 256]) {
      const longer = altered(alg, (signature) => Buffer.concat([Buffer.alloc(zeros), signature]));
      await expectRefused(arena.server, longer, invalid);
    }
  });

  it('a signature that begins with a zero is not to be shortened', async () => {
    const token = tokenWhere(alg, (signature) => signature[0] === 0);
    await expectAdmitted(arena.server, token);
    await expectRefused(arena.server, withSignature(token, signatureOf(token).subarray(1)), invalid);
  });

  it('a signature and the modulus together are another spelling, and refused', async () => {
    const modulus = modulusOf(forges[alg].privateKey);
    const token = tokenWhere(alg, (signature) => integerOf(signature) + modulus < 2n ** 2048n);
    await expectAdmitted(arena.server, token);
    const sum = octetsOf(integerOf(signatureOf(token)) + modulus, octets);
    await expectRefused(arena.server, withSignature(token, sum), invalid);
  });

  it('a little-endian signature is refused', async () => {
    await expectRefused(arena.server, altered(alg, reversed), invalid);
  });

  it('the other padding is refused', async () => {
    const signer = signerOf(alg === 'RS256' ? 'PS256' : 'RS256', forges[alg].privateKey);
    await expectRefused(arena.server, forges[alg].token({ signer }), invalid);
  });

  it.each(['384', '512'])('a signature over SHA-%s is refused', async (bits) => {
    const other = `${alg.slice(0, 2)}${bits}` as SignatureAlgorithm;
    await expectRefused(arena.server, forges[alg].token({ signer: signerOf(other, forges[alg].privateKey) }), invalid);
  });
});

describe('PKCS#1 v1.5', () => {
  const signedWith = (blockOf: (message: string, octets: number) => Buffer) =>
    forges.RS256.token({ signer: rawRsaSigner(forges.RS256.privateKey, blockOf) });
  const info = (prefix: Uint8Array, digest: Uint8Array) => Buffer.concat([prefix, digest]);
  const { sha1, sha256: right, sha512 } = digestInfoPrefixes;

  it('a block that is built right is admitted', async () => {
    await expectAdmitted(arena.server, signedWith(pkcs1Block));
  });

  const blocks: Readonly<Record<string, (message: string) => Partial<Pkcs1Block>>> = {
    'a block of type 0': () => ({ lead: Buffer.of(0, 0), fill: 0 }),
    'a block of type 2': () => ({ lead: Buffer.of(0, 2) }),
    'a block that begins with 1': () => ({ lead: Buffer.of(1, 1) }),
    'a block without its first zero': () => ({ lead: Buffer.of(1) }),
    'padding of zeros': () => ({ fill: 0 }),
    'padding of 0xFE': () => ({ fill: 0xfe }),
    'padding that another octet ends': () => ({ separator: Buffer.of(1) }),
    'padding that two zeros end': () => ({ separator: Buffer.of(0, 0) }),
    'padding that nothing ends': () => ({ separator: Buffer.alloc(0) }),
    'one octet behind the digest': () => ({ garbage: Buffer.alloc(1) }),
    'eight octets of padding, and garbage behind the digest': () => ({ garbage: Buffer.alloc(256 - 62, 0x41) }),
    'no padding at all, and garbage behind the digest': () => ({ garbage: Buffer.alloc(256 - 54, 0x41) }),
    'a digest without a DigestInfo': (message) => ({ digestInfo: sha256(message) }),
    'a digest under the name of SHA-512': (message) => ({ digestInfo: info(sha512, sha256(message)) }),
    'a digest under the name of SHA-1': (message) => ({ digestInfo: info(sha1, sha256(message)) }),
    'a digest without its last octet': (message) => ({ digestInfo: info(right, sha256(message).subarray(0, 31)) }),
    'the digest of nothing': () => ({ digestInfo: info(right, sha256('')) }),
    'a DigestInfo without parameters': (message) => ({
      digestInfo: info(Buffer.from('302f300b06096086480165030402010420', 'hex'), sha256(message)),
    }),
    'a DigestInfo with garbage in its parameters': (message) => ({
      digestInfo: info(Buffer.from('3033300f06096086480165030402010502abcd0420', 'hex'), sha256(message)),
    }),
    'a DigestInfo with long lengths': (message) => ({
      digestInfo: info(Buffer.from('308131300d060960864801650304020105000420', 'hex'), sha256(message)),
    }),
    'a DigestInfo of indefinite length': (message) => ({
      digestInfo: Buffer.concat([
        Buffer.from('3080300d060960864801650304020105000420', 'hex'),
        sha256(message),
        Buffer.alloc(2),
      ]),
    }),
    'a DigestInfo with something behind the digest': (message) => ({
      digestInfo: info(
        Buffer.from('3033300d060960864801650304020105000420', 'hex'),
        Buffer.concat([sha256(message), Buffer.of(5, 0)]),
      ),
    }),
  };

  it.each(Object.entries(blocks).map(([name, changesOf]) => ({ name, changesOf })))(
    '[RS-7518-3.3-d] $name is refused',
    async ({ changesOf }) => {
      const token = signedWith((message, octets) => pkcs1Block(message, octets, changesOf(message)));
      await expectRefused(arena.server, token, invalid);
    },
  );
});

describe('PSS', () => {
  const signedWith = (block: PssBlock) =>
    forges.PS256.token({
      signer: rawRsaSigner(forges.PS256.privateKey, (message, octets) => pssBlock(message, octets, block)),
    });

  it('a block that is built right is admitted', async () => {
    await expectAdmitted(arena.server, signedWith({}));
    await expectAdmitted(
      arena.server,
      forges.PS256.token({ signer: signerOf('PS256', forges.PS256.privateKey, { saltLength: 32 }) }),
    );
  });

  it.each([0, 1, 20, 31, 33, 48, 64, 222])('[RS-7518-3.5-a] a salt of %i octets is refused', async (saltLength) => {
    const signer = signerOf('PS256', forges.PS256.privateKey, { saltLength });
    await expectRefused(arena.server, forges.PS256.token({ signer }), invalid);
    await expectRefused(arena.server, signedWith({ saltLength }), invalid);
  });

  it.each(['sha1', 'sha384', 'sha512'])('[RS-7518-3.5-a] a mask made with %s is refused', async (maskHash) => {
    await expectRefused(arena.server, signedWith({ maskHash }), invalid);
  });

  it.each<PssBlock>([
    { trailer: 0xcc },
    { trailer: 0xbd },
    { trailer: 0 },
    { firstBits: 0x80 },
    { separator: 0 },
    { separator: 2 },
  ])('[RS-7518-3.5-a] a block with %o is refused', async (block) => {
    await expectRefused(arena.server, signedWith(block), invalid);
  });
});

describe('Ed25519', () => {
  const identity = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]);
  /** Points of order 1, 2, 4 and 8, as they are written, and two of them written a second way. */
  const smallOrder = [
    identity.toString('hex'),
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    '0100000000000000000000000000000000000000000000000000000000000080',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ];

  it.each([1, 2, 8, 15])('S + %i L is not S', async (times) => {
    const shifted = altered('Ed25519', (signature) => {
      const s = integerOf(reversed(signature.subarray(32)));
      const moved = octetsOf(s + BigInt(times) * orders.Ed25519, 33);
      // The last multiple may need an octet more than there is; then nothing is left to send.
      expect(moved[0]).toBe(0);
      return Buffer.concat([signature.subarray(0, 32), reversed(moved.subarray(1))]);
    });
    await expectRefused(arena.server, shifted, invalid);
  });

  it.each([0, 32, 63, 65, 128])('a signature of %i octets is refused', async (length) => {
    const cut = altered('Ed25519', (signature) => Buffer.concat([signature, Buffer.alloc(64)]).subarray(0, length));
    await expectRefused(arena.server, cut, invalid);
  });

  it.each(smallOrder)('a point of small order in the place of R signs nothing: %s', async (point) => {
    const r = Buffer.from(point, 'hex');
    for (const s of [0n, 1n, orders.Ed25519 - 1n, orders.Ed25519]) {
      const signature = Buffer.concat([r, reversed(octetsOf(s, 32))]);
      await expectRefused(arena.server, under('Ed25519', signature), invalid);
    }
    const halved = altered('Ed25519', (signature) => Buffer.concat([r, signature.subarray(32)]));
    await expectRefused(arena.server, halved, invalid);
  });

  it('nothing but ones, and nothing but zeros, sign nothing', async () => {
    await expectRefused(arena.server, under('Ed25519', Buffer.alloc(64)), invalid);
    await expectRefused(arena.server, under('Ed25519', Buffer.alloc(64, 0xff)), invalid);
  });

  it('the halves in the other order are refused', async () => {
    const turned = altered('Ed25519', (signature) =>
      Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]),
    );
    await expectRefused(arena.server, turned, invalid);
  });

  it('another key’s signature is refused', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const token = forges.Ed25519.token({ signer: signerOf('Ed25519', privateKey) });
    await expectRefused(arena.server, token, invalid);
  });

  it.each(smallOrder)(
    '[RS-8725-3.4-a] a key of small order, for which anybody can sign, is skipped: %s',
    async (point) => {
      const key = Buffer.from(point, 'hex');
      const jwk: Members = { kty: 'OKP', crv: 'Ed25519', kid: 'small', x: key.toString('base64url') };
      const server = serverWithKeys(arena.issuer.issuer, [jwk, ...jwksOf(arena.issuer).keys]);
      const header = { kid: 'small' };
      // R + k A = 0 holds for every k where A is the identity, and for one k in eight at the least elsewhere.
      for (let tries = 0; tries < 64; tries++) {
        const signer = () => Buffer.concat([tries % 2 === 0 ? identity : key, Buffer.alloc(32)]);
        await expectRefused(server, forges.Ed25519.token({ header, signer }), badToken('key_unknown'));
      }
      await expectAdmitted(server, forges.Ed25519.token());
    },
  );
});
