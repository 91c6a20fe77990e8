import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PublicKey } from '../../src/jws/public-key.js';
import { publicKeyOf } from '../support/public-keys.js';
import { everyAlgorithm, type Signer, signerOf } from '../support/signers.js';
import { verifyBothWays } from '../support/verify-both-ways.js';

const input = 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0';

const verifies = (signer: Signer, signature: Uint8Array, text = input) =>
  verifyBothWays(publicKeyOf(signer), text, signature);

describe.each(everyAlgorithm)('verification of %s signatures', (algorithm) => {
  const signer = signerOf(algorithm);
  const good = signer.sign(input);

  it(`a ${algorithm} signature of the key over the signing input is accepted`, async () => {
    expect(await verifies(signer, good)).toBe(true);
  });

  it(`a ${algorithm} signature over another text is refused`, async () => {
    expect(await verifies(signer, good, `${input}x`)).toBe(false);
    expect(await verifies(signer, good, input.slice(1))).toBe(false);
    expect(await verifies(signer, good, '')).toBe(false);
  });

  it(`a ${algorithm} signature with one flipped bit is refused`, async () => {
    for (const at of [0, good.length >> 1, good.length - 1]) {
      const changed = Buffer.from(good);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(await verifies(signer, changed)).toBe(false);
    }
  });

  it(`a ${algorithm} signature of another length is refused, even if it is padded with zeros`, async () => {
    for (const padding of [Buffer.of(0), Buffer.alloc(32)]) {
      expect(await verifies(signer, Buffer.concat([good, padding]))).toBe(false);
      expect(await verifies(signer, Buffer.concat([padding, good]))).toBe(false);
    }
    for (const length of [0, 1, good.length - 1]) expect(await verifies(signer, good.subarray(0, length))).toBe(false);
  });

  it(`a ${algorithm} signature of all zeros or all ones is refused without an error`, async () => {
    expect(await verifies(signer, Buffer.alloc(good.length))).toBe(false);
    expect(await verifies(signer, Buffer.alloc(good.length, 0xff))).toBe(false);
  });

  it(`a ${algorithm} verification refuses the signature of another key`, async () => {
    const other = signerOf(algorithm.startsWith('E') ? algorithm : 'ES256');
    expect(await verifies(signer, other.sign(input))).toBe(false);
    expect(await verifies(other, other.sign(input))).toBe(true);
  });
});

it('a signature of a wrong length is refused without a call of the engine', async () => {
  const signer = signerOf('ES256');
  const material = {
    get(): never {
      throw new Error('the engine was called');
    },
  };
  const watched = Object.create(publicKeyOf(signer), { material }) as PublicKey;
  for (const length of [0, 63, 65, 1000])
    expect(await verifyBothWays(watched, input, Buffer.alloc(length))).toBe(false);
  await expect(verifyBothWays(watched, input, signer.sign(input))).rejects.toThrow('the engine was called');
});

it('an engine that fails is reported as an error, not as a verdict', async () => {
  const signer = signerOf('Ed25519');
  const key = publicKeyOf(signer);
  // Ed25519 takes no digest, so the engine fails.
  const algorithm = { value: { ...key.algorithm, digest: 'sha256' } };
  const broken = Object.create(key, { algorithm, material: { value: key.material } }) as PublicKey;
  await expect(verifyBothWays(broken, input, signer.sign(input))).rejects.toThrow();
  expect(await verifyBothWays(key, input, signer.sign(input))).toBe(true);
});

it('each character of the signing input is one octet', async () => {
  const key = generateKeyPairSync('ed25519');
  const signature = sign(null, Buffer.of(0xe9), key.privateKey);
  const signer = signerOf('Ed25519', key);
  expect(await verifies(signer, signature, '\u00e9')).toBe(true);
  expect(await verifies(signer, sign(null, Buffer.from('\u00e9'), key.privateKey), '\u00e9')).toBe(false);
});

describe('form of an ECDSA signature (RFC 7518 section 3.4)', () => {
  const order: Readonly<Record<string, string>> = {
    ES256: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    ES384: 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  };

  it.each(['ES256', 'ES384', 'ES512'] as const)('an %s signature in DER is refused', async (algorithm) => {
    const signer = signerOf(algorithm);
    const der = sign(`sha${algorithm.slice(2)}`, Buffer.from(input), signer.privateKey);
    expect(await verifies(signer, der)).toBe(false);
    expect(await verifies(signer, signer.sign(input))).toBe(true);
  });

  it.each(Object.entries(order))(
    'an %s signature whose R or S is zero or the order of the curve is refused',
    async (algorithm, hex) => {
      const signer = signerOf(algorithm as 'ES256' | 'ES384');
      const good = signer.sign(input);
      const half = good.length / 2;
      const n = Buffer.from(hex, 'hex');
      for (const wrong of [Buffer.alloc(half), n]) {
        expect(await verifies(signer, Buffer.concat([wrong, good.subarray(half)]))).toBe(false);
        expect(await verifies(signer, Buffer.concat([good.subarray(0, half), wrong]))).toBe(false);
        expect(await verifies(signer, Buffer.concat([wrong, wrong]))).toBe(false);
      }
    },
  );

  it('an ECDSA signature with R and S exchanged is refused', async () => {
    const signer = signerOf('ES256');
    const good = signer.sign(input);
    expect(await verifies(signer, Buffer.concat([good.subarray(32), good.subarray(0, 32)]))).toBe(false);
  });
});

describe('padding and digest of an RSA signature (RFC 7518 sections 3.3 and 3.5)', () => {
  it.each([0, 20, 31, 33, 64, constants.RSA_PSS_SALTLEN_MAX_SIGN])(
    'a PS256 signature with a salt of %i octets is refused',
    async (saltLength) => {
      const signer = signerOf('PS256');
      expect(await verifies(signer, signer.sign(input, saltLength))).toBe(false);
      expect(await verifies(signer, signer.sign(input, 32))).toBe(true);
    },
  );

  it.each([
    ['PS384', 32],
    ['PS512', 32],
  ] as const)('a %s signature with a salt of %i octets is refused', async (algorithm, saltLength) => {
    const signer = signerOf(algorithm);
    expect(await verifies(signer, signer.sign(input, saltLength))).toBe(false);
  });

  const rsaAlgorithms = everyAlgorithm.filter((name) => /^[PR]S/.test(name));
  it.each(rsaAlgorithms)(
    'a key bound to %s refuses signatures of every other RSA algorithm by the same key',
    async (algorithm) => {
      for (const other of rsaAlgorithms) {
        expect(await verifies(signerOf(algorithm), signerOf(other).sign(input))).toBe(other === algorithm);
      }
    },
  );
});

it('the published signature of RFC 8037 appendix A.4 is accepted [RS-8037-3.1-a]', async () => {
  const [header, payload, signature] = [
    'eyJhbGciOiJFZERTQSJ9',
    'RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
    'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
  ];
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  const key = publicKeyOf({ ...signerOf('Ed25519'), jwk });
  expect(await verifyBothWays(key, `${header}.${payload}`, Buffer.from(String(signature), 'base64url'))).toBe(true);
  expect(await verifyBothWays(key, `${header}.${payload}x`, Buffer.from(String(signature), 'base64url'))).toBe(false);
});
