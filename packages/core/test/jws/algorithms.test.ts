import { describe, expect, it } from 'vitest';
import { algorithmOfCurve, algorithmProfile, signatureAlgorithms } from '../../src/jws/algorithms.js';
import { everyAlgorithm } from '../support/signers.js';

describe('list of signature algorithms (D-13)', () => {
  it('the list of algorithms contains exactly these eleven asymmetric ones and is frozen', () => {
    expect(signatureAlgorithms).toEqual([...everyAlgorithm, 'EdDSA']);
    expect(Object.isFrozen(signatureAlgorithms)).toBe(true);
  });

  it.each(everyAlgorithm)('the algorithm %s is found by its exact name only', (name) => {
    expect(algorithmProfile(name)?.name).toBe(name);
    for (const wrong of [name.toLowerCase(), `${name} `, ` ${name}`, `${name}\0`]) {
      expect(algorithmProfile(wrong)).toBeUndefined();
    }
  });

  it.each([
    ...['none', 'None', 'NONE', 'nOnE', '', 'HS256', 'HS384', 'HS512', 'ES256K', 'Ed448', 'eddsa', 'EDDSA'],
    ...['RSA-OAEP', 'RSA1_5', 'dir', 'A128KW', 'ECDH-ES', 'RS1', 'RS224', 'PS224', 'ML-DSA-44', 'sha256'],
    ...['constructor', '__proto__', 'toString', 'get'],
  ])('the algorithm %j is not supported', (name) => {
    expect(algorithmProfile(name)).toBeUndefined();
  });

  it('EdDSA and Ed25519 are two names of one algorithm (RFC 9864)', () => {
    expect(algorithmProfile('EdDSA')).toBe(algorithmProfile('Ed25519'));
    expect(algorithmProfile('EdDSA')?.name).toBe('Ed25519');
  });
});

describe('parameters of the signature algorithms (RFC 7518 section 3)', () => {
  it.each([
    ['RS256', 'RSA', 'sha256', undefined],
    ['RS384', 'RSA', 'sha384', undefined],
    ['RS512', 'RSA', 'sha512', undefined],
    ['PS256', 'RSA', 'sha256', 32],
    ['PS384', 'RSA', 'sha384', 48],
    ['PS512', 'RSA', 'sha512', 64],
    ['ES256', 'EC', 'sha256', undefined],
    ['ES384', 'EC', 'sha384', undefined],
    ['ES512', 'EC', 'sha512', undefined],
    ['Ed25519', 'OKP', null, undefined],
  ])('the algorithm %s has key type %s, digest %s and a salt of %s octets', (name, keyType, digest, saltOctets) => {
    const profile = algorithmProfile(name);
    expect([profile?.keyType, profile?.digest, profile?.saltOctets]).toEqual([keyType, digest, saltOctets]);
  });

  it.each([
    ['EC', 'P-256', 'ES256', 64],
    ['EC', 'P-384', 'ES384', 96],
    ['EC', 'P-521', 'ES512', 132],
    ['OKP', 'Ed25519', 'Ed25519', 64],
  ])('a key of type %s on curve %s is for %s, with signatures of %i octets', (keyType, curve, name, octets) => {
    expect(algorithmOfCurve(keyType, curve)).toBe(algorithmProfile(name));
    expect(algorithmProfile(name)?.signatureOctets).toBe(octets);
  });

  it.each([
    ['EC', 'Ed25519'],
    ['OKP', 'P-256'],
    ['EC', 'secp256k1'],
    ['EC', 'p-256'],
    ['OKP', 'X25519'],
    ['OKP', 'Ed448'],
    ['RSA', 'P-256'],
    ['', ''],
  ])('a key of type %s on curve %s has no algorithm', (keyType, curve) => {
    expect(algorithmOfCurve(keyType, curve)).toBeUndefined();
  });
});
