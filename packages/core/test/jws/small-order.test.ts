import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Malformed } from '../../src/jws/malformed.js';
import { importPublicKey, PublicKey } from '../../src/jws/public-key.js';
import { isOfSmallOrder } from '../../src/jws/small-order.js';
import { keyRules } from '../support/key-rules.js';

/** The points whose order divides 8, and the second spellings of two of them, without the sign of x. */
const points = [
  ['the identity', `01${'00'.repeat(31)}`],
  ['order 2', `ec${'ff'.repeat(30)}7f`],
  ['order 4', '00'.repeat(32)],
  ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['order 8, the other y', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ['order 4, spelled again', `ed${'ff'.repeat(30)}7f`],
  ['the identity, spelled again', `ee${'ff'.repeat(30)}7f`],
] as const;

const jwkOf = (point: Buffer) => ({ kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') });

describe('[RS-8725-3.4-a] a key of Ed25519 of small order', () => {
  it.each(points)('is refused: %s, with either sign', (_name, hex) => {
    const point = Buffer.from(hex, 'hex');
    expect(isOfSmallOrder(point)).toBe(true);
    expect(importPublicKey(jwkOf(point), keyRules())).toBeInstanceOf(Malformed);
    point.writeUInt8(point.readUInt8(31) | 0x80, 31);
    expect(isOfSmallOrder(point)).toBe(true);
    expect(importPublicKey(jwkOf(point), keyRules())).toBeInstanceOf(Malformed);
  });

  it('would let anybody sign: OpenSSL takes one signature for every message', () => {
    const identity = Buffer.from(points[0][1], 'hex');
    const forged = Buffer.concat([identity, Buffer.alloc(32)]);
    const key = { key: jwkOf(identity), format: 'jwk' } as const;
    expect(verify(null, Buffer.from('anything'), key, forged)).toBe(true);
    expect(verify(null, Buffer.from('anything else'), key, forged)).toBe(true);
  });

  it('is none that a generator makes, nor one octet beside', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const honest = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
    expect(isOfSmallOrder(honest)).toBe(false);
    expect(importPublicKey(jwkOf(honest), keyRules())).toBeInstanceOf(PublicKey);
    for (const [, hex] of points) {
      const beside = Buffer.from(hex, 'hex');
      beside.writeUInt8(beside.readUInt8(16) ^ 1, 16);
      expect(isOfSmallOrder(beside)).toBe(false);
    }
  });

  it('is not changed by the question', () => {
    const point = Buffer.from(`01${'00'.repeat(30)}80`, 'hex');
    isOfSmallOrder(point);
    expect(point.at(31)).toBe(0x80);
  });
});
