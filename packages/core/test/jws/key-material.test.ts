import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { importPublicKey } from '../../src/jws/public-key.js';
import { jsonObject } from '../support/json-object.js';
import { keyRules } from '../support/key-rules.js';
import { signerOf } from '../support/signers.js';
import { verdict } from '../support/verdict.js';

const rsa = signerOf('RS256').jwk;
const modulus = Buffer.from(String(rsa['n']), 'base64url');

const importing = (jwk: Readonly<Record<string, unknown>>) => verdict(importPublicKey(jsonObject(jwk), keyRules()));
const encoded = (octets: Uint8Array) => Buffer.from(octets).toString('base64url');

/** A modulus of `octets` octets that begins with `first`; the rest is sufficiently random. */
function modulusOf(octets: number, first: number): string {
  return encoded(Buffer.concat([Buffer.of(first), Buffer.alloc(octets - 1, modulus.subarray(1))]));
}

describe('size of an RSA key (D-15)', () => {
  it('a real RSA key of 1024 bits is refused', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(importing({ ...publicKey.export({ format: 'jwk' }) })).toBe('malformed');
    expect(importing(rsa)).toBe('passed');
  });

  it.each([
    ['2048 bits', 256, 0x80, 'passed'],
    ['2047 bits', 256, 0x7f, 'malformed'],
    ['2041 bits', 256, 0x01, 'malformed'],
    ['2049 bits', 257, 0x01, 'passed'],
    ['4096 bits', 512, 0xff, 'passed'],
    ['4097 bits', 513, 0x01, 'malformed'],
  ])('an RSA key is accepted with 2048 to 4096 bits: %s', (_bits, octets, first, expected) => {
    expect(importing({ ...rsa, n: modulusOf(octets, first) })).toBe(expected);
  });

  it.each([
    [2048, 256, 0xff, 'passed'],
    [2048, 257, 0x01, 'malformed'],
    [16_384, 2048, 0xff, 'passed'],
    [16_384, 2049, 0x01, 'malformed'],
  ])('with maxRsaBits %i, a modulus of %i octets with first octet %i is %s', (maxRsaBits, octets, first, expected) => {
    const jwk = jsonObject({ ...rsa, n: modulusOf(octets, first) });
    expect(verdict(importPublicKey(jwk, { ...keyRules(), maxRsaBits }))).toBe(expected);
  });

  it('an RSA modulus with leading zeros is refused (RFC 7518 section 2)', () => {
    expect(importing({ ...rsa, n: encoded(Buffer.concat([Buffer.of(0), modulus])) })).toBe('malformed');
    expect(importing({ ...rsa, n: encoded(Buffer.concat([Buffer.alloc(200), modulus.subarray(200)])) })).toBe(
      'malformed',
    );
  });
});

describe('exponent of an RSA key (D-15)', () => {
  it.each([
    ['1', [1]],
    ['3', [3]],
    ['17', [17]],
    ['65535', [0xff, 0xff]],
    ['65536', [1, 0, 0]],
    ['65539', [1, 0, 3]],
    ['65537 with a leading zero', [0, 1, 0, 1]],
    ['0', [0]],
    ['empty', []],
    ['2^32 - 1', [255, 255, 255, 255]],
    ['2^32 + 1, of five octets', [1, 0, 0, 0, 1]],
  ])('an RSA key with exponent %s is refused', (_what, octets) => {
    expect(importing({ ...rsa, e: encoded(Buffer.from(octets)) })).toBe('malformed');
  });

  it('an RSA key with exponent 65537 is accepted', () => {
    expect(importing({ ...rsa, e: encoded(Buffer.from([1, 0, 1])) })).toBe('passed');
  });
});

describe('encoding of key members', () => {
  const members = [
    ['RS256', 'n'],
    ['RS256', 'e'],
    ['ES256', 'x'],
    ['ES256', 'y'],
    ['ES384', 'x'],
    ['ES512', 'y'],
    ['Ed25519', 'x'],
  ] as const;

  it.each(members)('a %s key whose member %s is not canonical base64url is refused', (algorithm, member) => {
    const { jwk } = signerOf(algorithm);
    const good = String(jwk[member]);
    for (const wrong of [`${good}=`, ` ${good}`, `${good}\n`, `+${good.slice(1)}`, '', null, 1, [good], undefined]) {
      expect(importing({ ...jwk, [member]: wrong })).toBe('malformed');
    }
    expect(importing({ ...jwk })).toBe('passed');
  });
});

describe('length of the coordinates of a key (RFC 7518 section 6.2.1.2)', () => {
  it.each([
    ['ES256', 'x'],
    ['ES256', 'y'],
    ['ES384', 'x'],
    ['ES512', 'x'],
    ['Ed25519', 'x'],
  ] as const)('a %s key whose coordinate %s is one octet shorter or longer is refused', (algorithm, member) => {
    const { jwk } = signerOf(algorithm);
    const octets = Buffer.from(String(jwk[member]), 'base64url');
    expect(importing({ ...jwk, [member]: encoded(octets.subarray(1)) })).toBe('malformed');
    expect(importing({ ...jwk, [member]: encoded(octets.subarray(0, -1)) })).toBe('malformed');
    expect(importing({ ...jwk, [member]: encoded(Buffer.concat([Buffer.of(0), octets])) })).toBe('malformed');
    expect(importing({ ...jwk, [member]: encoded(Buffer.concat([octets, Buffer.of(0)])) })).toBe('malformed');
  });

  it.each(['ES256', 'ES384', 'ES512'] as const)(
    'a key whose point is not on the curve of %s is refused (RFC 8725 section 3.4)',
    (algorithm) => {
      const { jwk } = signerOf(algorithm);
      const y = Buffer.from(String(jwk['y']), 'base64url');
      y.writeUInt8(y.readUInt8(y.length - 1) ^ 1, y.length - 1);
      expect(importing({ ...jwk, y: encoded(y) })).toBe('malformed');
      expect(importing({ ...jwk, x: encoded(Buffer.alloc(y.length)), y: encoded(Buffer.alloc(y.length)) })).toBe(
        'malformed',
      );
      expect(importing({ ...jwk })).toBe('passed');
    },
  );
});
