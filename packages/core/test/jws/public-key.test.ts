import { constants } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { KeyAlgorithm } from '../../src/jws/algorithms.js';
import { importPublicKey, PublicKey } from '../../src/jws/public-key.js';
import { jsonObject } from '../support/json-object.js';
import { keyRules } from '../support/key-rules.js';
import { everyAlgorithm, signerOf } from '../support/signers.js';
import { passed, verdict } from '../support/verdict.js';

const jwks = Object.fromEntries(everyAlgorithm.map((name) => [name, signerOf(name).jwk]));

function importing(jwk: Readonly<Record<string, unknown>>, rsaAlgorithm: KeyAlgorithm = 'RS256') {
  return importPublicKey(jsonObject(jwk), keyRules(rsaAlgorithm));
}

describe('the algorithm of an imported key (D-14)', () => {
  it.each(everyAlgorithm)('a key with alg %s is bound to %s', (name) => {
    const key = passed(importing({ ...jwks[name], kid: 'k', use: 'sig', key_ops: ['verify'] }));
    expect([key.kid, key.algorithm.name]).toEqual(['k', name]);
  });

  it.each([
    ['ES256', 64],
    ['ES384', 96],
    ['ES512', 132],
    ['Ed25519', 64],
    ['PS256', 256],
    ['RS256', 256],
  ])('signatures of a %s key have %i octets', (name, octets) => {
    expect(passed(importing({ ...jwks[name] })).signatureOctets).toBe(octets);
  });

  it.each(['ES256', 'ES384', 'ES512', 'Ed25519'])(
    'a key without alg is bound to the algorithm of its curve: %s',
    (name) => {
      expect(passed(importing({ ...jwks[name], alg: undefined }, 'PS512')).algorithm.name).toBe(name);
    },
  );

  it.each(['RS256', 'RS512', 'PS256'] as const)(
    'an RSA key without alg is bound to the configured RSA algorithm: %s',
    (name) => {
      expect(passed(importing({ ...jwks['RS256'], alg: undefined }, name)).algorithm.name).toBe(name);
    },
  );

  it('the alg of an RSA key has precedence over the configured RSA algorithm', () => {
    expect(passed(importing({ ...jwks['PS384'] }, 'RS256')).algorithm.name).toBe('PS384');
  });

  it('a key with alg EdDSA is bound to Ed25519', () => {
    expect(passed(importing({ ...jwks['Ed25519'], alg: 'EdDSA' })).algorithm.name).toBe('Ed25519');
  });
});

describe('alg that does not fit the key (D-15)', () => {
  it.each([
    ['an EC algorithm on an RSA key', 'RS256', { alg: 'ES256' }],
    ['an RSA algorithm on an EC key', 'ES256', { alg: 'RS256' }],
    ['an EC algorithm on an OKP key', 'Ed25519', { alg: 'ES256' }],
    ['ES384 on P-256', 'ES256', { alg: 'ES384' }],
    ['ES256 on P-521', 'ES512', { alg: 'ES256' }],
    ['EdDSA on P-256', 'ES256', { alg: 'EdDSA' }],
    ['HS256 on an RSA key', 'RS256', { alg: 'HS256' }],
    ['none', 'RS256', { alg: 'none' }],
    ['an algorithm for encryption', 'RS256', { alg: 'RSA-OAEP' }],
    ['an algorithm in lower case', 'ES256', { alg: 'es256' }],
    ['an unknown algorithm', 'ES512', { alg: 'ES521' }],
    ['an alg that is null', 'ES256', { alg: null }],
    ['an alg that is a list', 'ES256', { alg: ['ES256'] }],
    ['kty RSA on members of an EC key', 'ES256', { kty: 'RSA', alg: undefined }],
    ['kty EC on members of an RSA key', 'RS256', { kty: 'EC', alg: undefined }],
    ['kty in lower case', 'ES256', { kty: 'ec', alg: undefined }],
    ['no kty', 'ES256', { kty: undefined }],
    ['no kty and no alg', 'ES256', { kty: undefined, alg: undefined }],
    ['an unknown kty', 'ES256', { kty: 'AKP', alg: undefined }],
    ['no crv', 'ES256', { crv: undefined }],
    ['secp256k1', 'ES256', { crv: 'secp256k1', alg: undefined }],
    ['X25519, which has no signatures', 'Ed25519', { crv: 'X25519', alg: undefined }],
    ['X25519 under the name EdDSA', 'Ed25519', { crv: 'X25519', alg: 'EdDSA' }],
    ['Ed448', 'Ed25519', { crv: 'Ed448', alg: undefined }],
  ])('a key with an alg, kty or crv that does not fit is refused: %s', (_what, base, changes) => {
    expect(verdict(importing({ ...jwks[base], ...changes }))).toBe('malformed');
    expect(verdict(importing({ ...jwks[base] }))).toBe('passed');
  });
});

describe('public keys for verification only (D-15)', () => {
  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])(
    'a key with the private member %s is refused, even when the member is null',
    (member) => {
      for (const value of ['AQAB', null, '']) {
        for (const base of ['RS256', 'ES256', 'Ed25519']) {
          expect(verdict(importing({ ...jwks[base], [member]: value }))).toBe('malformed');
        }
      }
    },
  );

  it('a private key is refused as a verification key', () => {
    const { privateKey } = signerOf('Ed25519');
    expect(verdict(importing({ ...privateKey.export({ format: 'jwk' }) }))).toBe('malformed');
  });

  it('a symmetric key is refused, with its k and without', () => {
    expect(verdict(importing({ kty: 'oct', k: 'A'.repeat(43), alg: 'HS256' }))).toBe('malformed');
    expect(verdict(importing({ kty: 'oct', k: 'A'.repeat(43) }))).toBe('malformed');
    expect(verdict(importing({ kty: 'oct', alg: 'HS256' }))).toBe('malformed');
    expect(verdict(importing({ kty: 'oct' }))).toBe('malformed');
  });

  it.each([
    ['use enc', { use: 'enc' }],
    ['use in upper case', { use: 'SIG' }],
    ['use null', { use: null }],
    ['use as a list', { use: ['sig'] }],
    ['key_ops without verify', { key_ops: ['encrypt', 'wrapKey'] }],
    ['key_ops for signing', { key_ops: ['sign'] }],
    ['empty key_ops', { key_ops: [] }],
    ['key_ops as a string', { key_ops: 'verify' }],
    ['key_ops null', { key_ops: null }],
    ['use sig and contradicting key_ops', { use: 'sig', key_ops: ['encrypt'] }],
    ['key_ops verify and a contradicting use', { use: 'enc', key_ops: ['verify'] }],
  ])('a key with %s is refused', (_what, members) => {
    expect(verdict(importing({ ...jwks['ES256'], ...members }))).toBe('malformed');
  });

  it.each([
    {},
    { use: 'sig' },
    { key_ops: ['verify'] },
    { use: 'sig', key_ops: ['sign', 'verify'] },
    { foo: { bar: 1 } },
  ])('a key with the members %j is accepted for verification', (members) => {
    expect(verdict(importing({ ...jwks['ES256'], ...members }))).toBe('passed');
  });
});

describe('length and type of a kid (D-27)', () => {
  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['256 characters long', 'k'.repeat(256)],
    ['a path, which is used as a plain name', '../../etc/passwd'],
  ])('a key whose kid is %s is accepted', (_what, kid) => {
    expect(passed(importing({ ...jwks['ES256'], kid })).kid).toBe(kid);
  });

  it.each([
    ['257 characters long', 'k'.repeat(257)],
    ['a number', 1],
    ['null', null],
    ['a list', ['k']],
    ['an object', { k: 1 }],
  ])('a key whose kid is %s is refused', (_what, kid) => {
    expect(verdict(importing({ ...jwks['ES256'], kid }))).toBe('malformed');
  });
});

describe('imported public key', () => {
  it('members of another key type are ignored', () => {
    expect(passed(importing({ ...jwks['RS256'], crv: 'P-256' })).algorithm.name).toBe('RS256');
    expect(passed(importing({ ...jwks['ES256'], n: 'AA', e: 'AA' })).algorithm.name).toBe('ES256');
  });

  it.each([
    ['ES256', {}],
    ['Ed25519', {}],
    ['RS256', { padding: constants.RSA_PKCS1_PADDING }],
    ['PS384', { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 }],
  ])('the engine gets exactly the parameters of %s: %j', (name, parameters) => {
    const { key, ...options } = passed(importing({ ...jwks[name] })).material;
    expect(key).toBeDefined();
    expect(options).toStrictEqual({ dsaEncoding: 'ieee-p1363', ...parameters });
  });

  it('an imported public key is frozen and shows no key material', () => {
    const key = passed(importing({ ...jwks['ES256'], kid: 'k' }));
    expect(key).toBeInstanceOf(PublicKey);
    expect(Object.isFrozen(key)).toBe(true);
    expect(inspect(key) + JSON.stringify(key)).not.toContain(String(jwks['ES256']?.['x']));
  });
});
