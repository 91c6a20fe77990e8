import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Malformed } from '../../src/jws/malformed.js';
import { importPublicKey, PublicKey } from '../../src/jws/public-key.js';
import { isOfSmallOrder } from '../../src/jws/small-order.js';
import { keyRules } from '../support/key-rules.js';

/** Points whose order divides 8, and alternative encodings of two of them, without sign of x. */
const points = [
  ['the identity', `01${'00'.repeat(31)}`],
  ['order 2', `ec${'ff'.repeat(30)}7f`],
  ['order 4', '00'.repeat(32)],
  ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['order 8, with the other y', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ['order 4, in another encoding', `ed${'ff'.repeat(30)}7f`],
  ['the identity, in another encoding', `ee${'ff'.repeat(30)}7f`],
] as const;

const jwkOf = (point: Buffer) => ({ kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') });

describe('Ed25519 keys of small order [RS-8725-3.4-a]', () => {
  it.each(points)('an Ed25519 key of small order is refused, with either sign: %s', (_name, hex) => {
    const point = Buffer.from(hex, 'hex');
    expect(isOfSmallOrder(point)).toBe(true);
    expect(importPublicKey(jwkOf(point), keyRules())).toBeInstanceOf(Malformed);
    point.writeUInt8(point.readUInt8(31) | 0x80, 31);
    expect(isOfSmallOrder(point)).toBe(true);
    expect(importPublicKey(jwkOf(point), keyRules())).toBeInstanceOf(Malformed);
  });

  it('OpenSSL accepts one signature for every message under a key of small order', () => {
    const identity = Buffer.from(points[0][1], 'hex');
    const forged = Buffer.concat([identity, Buffer.alloc(32)]);
    const key = { key: jwkOf(identity), format: 'jwk' } as const;
    expect(verify(null, Buffer.from('anything'), key, forged)).toBe(true);
    expect(verify(null, Buffer.from('anything else'), key, forged)).toBe(true);
  });

  it('a generated Ed25519 key and points that differ in one octet are not of small order', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const generated = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
    expect(isOfSmallOrder(generated)).toBe(false);
    expect(importPublicKey(jwkOf(generated), keyRules())).toBeInstanceOf(PublicKey);
    for (const [, hex] of points) {
      const neighbour = Buffer.from(hex, 'hex');
      neighbour.writeUInt8(neighbour.readUInt8(16) ^ 1, 16);
      expect(isOfSmallOrder(neighbour)).toBe(false);
    }
  });

  it('the small-order check does not change the point', () => {
    const point = Buffer.from(`01${'00'.repeat(30)}80`, 'hex');
    isOfSmallOrder(point);
    expect(point.at(31)).toBe(0x80);
  });
});
