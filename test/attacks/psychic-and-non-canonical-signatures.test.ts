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
import { type Fixture, jwksOf, openFixture, serverWithKeys } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: signatures that no key made, and second encodings of a valid signature.
 */

const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'Ed25519'] as const;
type Forges = Readonly<Record<(typeof algorithms)[number], Forge>>;

let fixture: Fixture;
let applications: Applications;
let forges: Forges;

beforeAll(async () => {
  fixture = await openFixture(algorithms);
  applications = await startApplications(fixture.options);
  const made = await Promise.all(algorithms.map(async (alg) => [alg, await forgeOf(fixture.issuer, alg)] as const));
  forges = Object.fromEntries(made) as unknown as Forges;
});

afterAll(() => Promise.all([fixture.close(), applications.close()]));

const invalid = badToken('signature_invalid');

/** A token with a signature that no key made. */
function tokenWith(alg: keyof Forges, signature: Uint8Array): string {
  return withSignature(forges[alg].token(), signature);
}

/** A valid token with a changed signature. */
function altered(alg: keyof Forges, change: (signature: Buffer) => Uint8Array): string {
  const token = forges[alg].token();
  return withSignature(token, change(signatureOf(token)));
}

it.each(algorithms)('a token with the algorithm %s and the signature of its issuer is accepted', async (alg) => {
  await expectAccepted(fixture.server, forges[alg].token());
});

it('the signature covers the received octets, with whitespace and escapes unchanged [RS-7515-5.2-c]', async () => {
  const { forge, server } = fixture;
  const [pretty, spaced] = [JSON.stringify(forge.header(), null, 2), ` ${JSON.stringify(forge.claims())}\r\n\t`];
  const escaped = JSON.stringify(forge.claims()).replace('"iss"', '"\\u0069\\u0073\\u0073"');
  for (const payload of [spaced, escaped]) {
    const [header, body] = [pretty, payload].map((text) => Buffer.from(text).toString('base64url'));
    const token = signSegments(header ?? '', body ?? '', forge.signer);
    await expectAccepted(server, token);
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

describe.each(curves)('ECDSA signatures: $alg', ({ alg, octets, order }) => {
  const largest = 2n ** BigInt(octets * 8) - 1n;
  const outside = { 0: 0n, n: order, 'n + 1': order + 1n, 'the largest number': largest };
  const inside = { 1: 1n, 'n - 1': order - 1n };
  const numbers = Object.entries({ ...outside, ...inside });
  const pairs = numbers.flatMap(([nameR, r]) => numbers.map(([nameS, s]) => ({ nameR, nameS, r, s })));

  it.each(pairs)('an ECDSA signature with r = $nameR and s = $nameS is refused [RS-7518-3.4-c]', async ({ r, s }) => {
    await expectRefused(fixture.server, tokenWith(alg, joinRS(r, s, octets)), invalid);
  });

  it('an ECDSA signature with r or s zero, equal to the order, or exchanged is refused [RS-7518-3.4-c]', async () => {
    const { r, s } = splitRS(signatureOf(forges[alg].token()));
    for (const [left, right] of [
      [r, 0n],
      [0n, s],
      [r, order],
      [order, s],
      [s, r],
    ] as const) {
      await expectRefused(
        fixture.server,
        altered(alg, () => joinRS(left, right, octets)),
        invalid,
      );
    }
  });

  it('an ECDSA signature with one half replaced by zero octets is refused [RS-7518-3.4-c]', async () => {
    for (const change of [
      (signature: Buffer) => Buffer.concat([signature.subarray(0, octets), Buffer.alloc(octets)]),
      (signature: Buffer) => Buffer.concat([Buffer.alloc(octets), signature.subarray(octets)]),
    ]) {
      await expectRefused(fixture.server, altered(alg, change), invalid);
    }
  });

  it('s and n - s are two forms of one ECDSA signature, and both are accepted', async () => {
    const mirrored = altered(alg, (signature) => {
      const { r, s } = splitRS(signature);
      return joinRS(r, order - s, octets);
    });
    await expectAccepted(fixture.server, mirrored);
  });

  it('an ECDSA signature with n - r in place of r is refused', async () => {
    const mirrored = altered(alg, (signature) => {
      const { r, s } = splitRS(signature);
      return joinRS(order - r, s, octets);
    });
    await expectRefused(fixture.server, mirrored, invalid);
  });

  it('an ECDSA signature in DER is refused [RS-7518-3.4-a]', async () => {
    const { privateKey } = forges[alg];
    const der: Signer = (signingInput) =>
      sign(`sha${alg.slice(2)}`, Buffer.from(signingInput), { key: privateKey, dsaEncoding: 'der' });
    await expectRefused(fixture.server, forges[alg].token({ signer: der }), invalid);
    const cut: Signer = (signingInput) => Buffer.from(der(signingInput)).subarray(0, octets * 2);
    await expectRefused(fixture.server, forges[alg].token({ signer: cut }), invalid);
  });

  it.each([0, 1, octets, octets * 2 - 1, octets * 2 + 1, octets * 2 + 2, octets * 4])(
    'an ECDSA signature of %i octets is refused [RS-7518-3.4-a]',
    async (length) => {
      const resized = altered(alg, (signature) =>
        Buffer.concat([signature, Buffer.alloc(octets * 4)]).subarray(0, length),
      );
      await expectRefused(fixture.server, resized, invalid);
    },
  );

  it('an ECDSA signature with padded halves is refused [RS-7518-3.4-a]', async () => {
    const padded = (left: number, right: number) => (signature: Buffer) =>
      Buffer.concat([
        Buffer.alloc(left),
        signature.subarray(0, octets),
        Buffer.alloc(right),
        signature.subarray(octets),
      ]);
    for (const change of [padded(1, 1), padded(1, 0), padded(0, 1), padded(8, 8)]) {
      await expectRefused(fixture.server, altered(alg, change), invalid);
    }
    await expectAccepted(fixture.server, altered(alg, padded(0, 0)));
  });

  it('an ECDSA signature with little-endian halves is refused', async () => {
    const littleEndian = altered(alg, (signature) =>
      Buffer.concat([reversed(signature.subarray(0, octets)), reversed(signature.subarray(octets))]),
    );
    await expectRefused(fixture.server, littleEndian, invalid);
  });

  it.each(['sha1', 'sha256', 'sha384', 'sha512'].filter((digest) => digest !== `sha${alg.slice(2)}`))(
    'an ECDSA signature over %s is refused',
    async (digest) => {
      const { privateKey } = forges[alg];
      const signer: Signer = (signingInput) =>
        sign(digest, Buffer.from(signingInput), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      await expectRefused(fixture.server, forges[alg].token({ signer }), invalid);
    },
  );
});

describe('ECDSA values above the order, and all frameworks', () => {
  // The halves of an ES512 signature have seven bits more than the order has.
  it.each([
    [1n, 0n],
    [0n, 1n],
    [1n, 1n],
    [2n, 0n],
    [0n, 64n],
  ])(
    'an ES512 signature with r + %s n and s + %s n is refused, with n as the order [RS-7518-3.4-c]',
    async (timesR, timesS) => {
      const shifted = altered('ES512', (signature) => {
        const { r, s } = splitRS(signature);
        return joinRS(r + timesR * orders['P-521'], s + timesS * orders['P-521'], 66);
      });
      await expectRefused(fixture.server, shifted, invalid);
    },
  );

  it('the all-zero signature (CVE-2022-21449) is refused in every framework', async () => {
    await applications.expectRefused(tokenWith('ES256', Buffer.alloc(64)), invalid);
    await applications.expectRefused(tokenWith('ES256', joinRS(orders['P-256'], orders['P-256'], 32)), invalid);
    await applications.expectAccepted(forges.ES256.token());
  });
});

/** The modulus of an RSA key. */
function modulusOf(key: KeyObject): bigint {
  return integerOf(Buffer.from(String(key.export({ format: 'jwk' }).n), 'base64url'));
}

/**
 * A token whose signature meets the condition. Signatures are practically random, so one is found.
 */
function tokenWhere(alg: 'RS256' | 'PS256', holds: (signature: Buffer) => boolean): string {
  for (let tries = 0; tries < 10_000; tries++) {
    const token = forges[alg].token();
    if (holds(signatureOf(token))) return token;
  }
  throw new Error('no token with such a signature was found');
}

describe.each(['RS256', 'PS256'] as const)('RSA signatures: %s', (alg) => {
  const octets = 256;

  it('an RSA signature of 0, 1, n - 1, n, n + 1 or the largest number is refused', async () => {
    const modulus = modulusOf(forges[alg].privateKey);
    for (const number of [0n, 1n, modulus - 1n, modulus, modulus + 1n, 2n ** 2048n - 1n]) {
      await expectRefused(fixture.server, tokenWith(alg, octetsOf(number, octets)), invalid);
    }
  });

  it.each([0, 1, 128, 255, 257, 512])('an RSA signature of %i octets is refused', async (length) => {
    const cut = altered(alg, (signature) => Buffer.concat([signature, Buffer.alloc(octets)]).subarray(0, length));
    await expectRefused(fixture.server, cut, invalid);
  });

  it('an RSA signature with leading zero octets added is refused', async () => {
    for (const zeros of [1, 2, 256]) {
      const longer = altered(alg, (signature) => Buffer.concat([Buffer.alloc(zeros), signature]));
      await expectRefused(fixture.server, longer, invalid);
    }
  });

  it('an RSA signature without its leading zero octet is refused', async () => {
    const token = tokenWhere(alg, (signature) => signature[0] === 0);
    await expectAccepted(fixture.server, token);
    await expectRefused(fixture.server, withSignature(token, signatureOf(token).subarray(1)), invalid);
  });

  it('an RSA signature plus the modulus is refused', async () => {
    const modulus = modulusOf(forges[alg].privateKey);
    const token = tokenWhere(alg, (signature) => integerOf(signature) + modulus < 2n ** 2048n);
    await expectAccepted(fixture.server, token);
    const sum = octetsOf(integerOf(signatureOf(token)) + modulus, octets);
    await expectRefused(fixture.server, withSignature(token, sum), invalid);
  });

  it('a little-endian RSA signature is refused', async () => {
    await expectRefused(fixture.server, altered(alg, reversed), invalid);
  });

  it('an RSA signature with the other padding is refused', async () => {
    const signer = signerOf(alg === 'RS256' ? 'PS256' : 'RS256', forges[alg].privateKey);
    await expectRefused(fixture.server, forges[alg].token({ signer }), invalid);
  });

  it.each(['384', '512'])('an RSA signature over SHA-%s is refused', async (bits) => {
    const other = `${alg.slice(0, 2)}${bits}` as SignatureAlgorithm;
    await expectRefused(
      fixture.server,
      forges[alg].token({ signer: signerOf(other, forges[alg].privateKey) }),
      invalid,
    );
  });
});

describe('PKCS #1 v1.5 blocks', () => {
  const signedWith = (blockOf: (message: string, octets: number) => Buffer) =>
    forges.RS256.token({ signer: rawRsaSigner(forges.RS256.privateKey, blockOf) });
  const info = (prefix: Uint8Array, digest: Uint8Array) => Buffer.concat([prefix, digest]);
  const { sha1, sha256: right, sha512 } = digestInfoPrefixes;

  it('a correct PKCS #1 v1.5 block is accepted', async () => {
    await expectAccepted(fixture.server, signedWith(pkcs1Block));
  });

  const blocks: Readonly<Record<string, (message: string) => Partial<Pkcs1Block>>> = {
    'a block of type 0': () => ({ lead: Buffer.of(0, 0), fill: 0 }),
    'a block of type 2': () => ({ lead: Buffer.of(0, 2) }),
    'a block that begins with 1': () => ({ lead: Buffer.of(1, 1) }),
    'a block without its leading zero': () => ({ lead: Buffer.of(1) }),
    'padding of zeros': () => ({ fill: 0 }),
    'padding of 0xFE': () => ({ fill: 0xfe }),
    'padding that ends with another octet than zero': () => ({ separator: Buffer.of(1) }),
    'padding that ends with two zeros': () => ({ separator: Buffer.of(0, 0) }),
    'padding without an end': () => ({ separator: Buffer.alloc(0) }),
    'one octet behind the digest': () => ({ garbage: Buffer.alloc(1) }),
    'eight octets of padding, and garbage behind the digest': () => ({ garbage: Buffer.alloc(256 - 62, 0x41) }),
    'no padding, and garbage behind the digest': () => ({ garbage: Buffer.alloc(256 - 54, 0x41) }),
    'a digest without a DigestInfo': (message) => ({ digestInfo: sha256(message) }),
    'a digest labelled as SHA-512': (message) => ({ digestInfo: info(sha512, sha256(message)) }),
    'a digest labelled as SHA-1': (message) => ({ digestInfo: info(sha1, sha256(message)) }),
    'a digest without its last octet': (message) => ({ digestInfo: info(right, sha256(message).subarray(0, 31)) }),
    'the digest of an empty message': () => ({ digestInfo: info(right, sha256('')) }),
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
    'a DigestInfo with parameters behind the digest': (message) => ({
      digestInfo: info(
        Buffer.from('3033300d060960864801650304020105000420', 'hex'),
        Buffer.concat([sha256(message), Buffer.of(5, 0)]),
      ),
    }),
  };

  it.each(Object.entries(blocks).map(([name, changesOf]) => ({ name, changesOf })))(
    'a PKCS #1 v1.5 signature with $name is refused [RS-7518-3.3-d]',
    async ({ changesOf }) => {
      const token = signedWith((message, octets) => pkcs1Block(message, octets, changesOf(message)));
      await expectRefused(fixture.server, token, invalid);
    },
  );
});

describe('PSS blocks', () => {
  const signedWith = (block: PssBlock) =>
    forges.PS256.token({
      signer: rawRsaSigner(forges.PS256.privateKey, (message, octets) => pssBlock(message, octets, block)),
    });

  it('a correct PSS block is accepted', async () => {
    await expectAccepted(fixture.server, signedWith({}));
    await expectAccepted(
      fixture.server,
      forges.PS256.token({ signer: signerOf('PS256', forges.PS256.privateKey, { saltLength: 32 }) }),
    );
  });

  it.each([0, 1, 20, 31, 33, 48, 64, 222])('a PSS salt of %i octets is refused [RS-7518-3.5-a]', async (saltLength) => {
    const signer = signerOf('PS256', forges.PS256.privateKey, { saltLength });
    await expectRefused(fixture.server, forges.PS256.token({ signer }), invalid);
    await expectRefused(fixture.server, signedWith({ saltLength }), invalid);
  });

  it.each(['sha1', 'sha384', 'sha512'])('a PSS mask made with %s is refused [RS-7518-3.5-a]', async (maskHash) => {
    await expectRefused(fixture.server, signedWith({ maskHash }), invalid);
  });

  it.each<PssBlock>([
    { trailer: 0xcc },
    { trailer: 0xbd },
    { trailer: 0 },
    { firstBits: 0x80 },
    { separator: 0 },
    { separator: 2 },
  ])('a PSS block with %o is refused [RS-7518-3.5-a]', async (block) => {
    await expectRefused(fixture.server, signedWith(block), invalid);
  });
});

describe('Ed25519 signatures', () => {
  const identity = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]);
  /** Points of order 1, 2, 4 and 8, encoded, and two of them in a second encoding. */
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

  it.each([1, 2, 8, 15])('an Ed25519 signature with S + %i L in place of S is refused', async (times) => {
    const shifted = altered('Ed25519', (signature) => {
      const s = integerOf(reversed(signature.subarray(32)));
      const moved = octetsOf(s + BigInt(times) * orders.Ed25519, 33);
      // The sum must fit into 32 octets; otherwise the test would send a truncated number.
      expect(moved[0]).toBe(0);
      return Buffer.concat([signature.subarray(0, 32), reversed(moved.subarray(1))]);
    });
    await expectRefused(fixture.server, shifted, invalid);
  });

  it.each([0, 32, 63, 65, 128])('an Ed25519 signature of %i octets is refused', async (length) => {
    const cut = altered('Ed25519', (signature) => Buffer.concat([signature, Buffer.alloc(64)]).subarray(0, length));
    await expectRefused(fixture.server, cut, invalid);
  });

  it.each(smallOrder)('an Ed25519 signature with a point of small order as R is refused: %s', async (point) => {
    const r = Buffer.from(point, 'hex');
    for (const s of [0n, 1n, orders.Ed25519 - 1n, orders.Ed25519]) {
      const signature = Buffer.concat([r, reversed(octetsOf(s, 32))]);
      await expectRefused(fixture.server, tokenWith('Ed25519', signature), invalid);
    }
    const halved = altered('Ed25519', (signature) => Buffer.concat([r, signature.subarray(32)]));
    await expectRefused(fixture.server, halved, invalid);
  });

  it('an Ed25519 signature of zero bits only, or of one bits only, is refused', async () => {
    await expectRefused(fixture.server, tokenWith('Ed25519', Buffer.alloc(64)), invalid);
    await expectRefused(fixture.server, tokenWith('Ed25519', Buffer.alloc(64, 0xff)), invalid);
  });

  it('an Ed25519 signature with R and S exchanged is refused', async () => {
    const exchanged = altered('Ed25519', (signature) =>
      Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]),
    );
    await expectRefused(fixture.server, exchanged, invalid);
  });

  it('an Ed25519 signature of another key is refused', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const token = forges.Ed25519.token({ signer: signerOf('Ed25519', privateKey) });
    await expectRefused(fixture.server, token, invalid);
  });

  it.each(smallOrder)(
    'an Ed25519 key of small order, for which signatures can be made without it, is skipped: %s [RS-8725-3.4-a]',
    async (point) => {
      const key = Buffer.from(point, 'hex');
      const jwk: Members = { kty: 'OKP', crv: 'Ed25519', kid: 'small', x: key.toString('base64url') };
      const server = serverWithKeys(fixture.issuer.issuer, [jwk, ...jwksOf(fixture.issuer).keys]);
      const header = { kid: 'small' };
      // R + k A = 0 holds for every k if A is the identity, and otherwise for at least one k in
      // eight.
      for (let tries = 0; tries < 64; tries++) {
        const signer = () => Buffer.concat([tries % 2 === 0 ? identity : key, Buffer.alloc(32)]);
        await expectRefused(server, forges.Ed25519.token({ header, signer }), badToken('key_unknown'));
      }
      await expectAccepted(server, forges.Ed25519.token());
    },
  );
});
