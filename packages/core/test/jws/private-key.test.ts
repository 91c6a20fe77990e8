import { inspect } from 'node:util';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import type { KeyAlgorithm } from '../../src/jws/algorithms.js';
import { Malformed } from '../../src/jws/malformed.js';
import { importPrivateKey } from '../../src/jws/private-key.js';
import { jsonObject } from '../support/json-object.js';
import { everyAlgorithm, signerOf } from '../support/signers.js';
import { passed } from '../support/verdict.js';

function privateJwk(algorithm: KeyAlgorithm): Readonly<Record<string, unknown>> {
  return { ...signerOf(algorithm).privateKey.export({ format: 'jwk' }) };
}

/** The algorithm that an imported JWK signs with, or the reason why the import was refused. */
function outcome(jwk: Readonly<Record<string, unknown>>): string {
  const key = importPrivateKey(jsonObject(jwk));
  return key instanceof Malformed ? `malformed: ${key.reason}` : key.algorithm.name;
}

describe('import of a private key', () => {
  it.each<KeyAlgorithm>([...everyAlgorithm])(
    'a private key with alg %s makes signatures that jose verifies',
    async (alg) => {
      const signer = signerOf(alg);
      const jwk = { ...signer.privateKey.export({ format: 'jwk' }), alg, kid: 'k1' };
      const jws = await passed(importPrivateKey(jsonObject(jwk))).sign({ typ: 'x' }, { a: 'ü' });
      const verified = await compactVerify(jws, await importJWK({ ...signer.jwk }, alg));
      expect(verified.protectedHeader).toEqual({ alg, kid: 'k1', typ: 'x' });
      expect(new TextDecoder().decode(verified.payload)).toBe('{"a":"ü"}');
      const other = await importJWK({ ...signer.jwk }, alg);
      await expect(compactVerify(jws.replace(/\.[^.]*\./, '.eyJhIjoxfQ.'), other)).rejects.toThrow();
    },
  );

  it.each<[KeyAlgorithm, string]>([
    ['ES256', 'ES256'],
    ['ES384', 'ES384'],
    ['ES512', 'ES512'],
    ['Ed25519', 'Ed25519'],
    ['PS512', 'RS256'],
  ])('a private %s key without alg signs with %s', (made, expected) => {
    expect(outcome(privateJwk(made))).toBe(expected);
  });

  it.each([
    ['an alg for another curve', 'ES256', 'ES384'],
    ['an alg for another key type', 'ES256', 'RS256'],
    ['an alg for another type of curve', 'Ed25519', 'ES256'],
    ['HMAC', 'RS256', 'HS256'],
    ['none', 'RS256', 'none'],
    ['an alg for encryption', 'RS256', 'RSA-OAEP'],
    ['a number', 'RS256', 256],
    ['null', 'ES256', null],
  ] as const)('a private key whose alg does not fit is refused: %s', (_, made, alg) => {
    expect(outcome({ ...privateJwk(made), alg })).toBe('malformed: alg, kty or crv: no algorithm fits');
    expect(outcome({ ...privateJwk(made), alg: made })).toBe(made);
  });

  it('a JWK that is public, symmetric, malformed or empty is not a private key', () => {
    expect(outcome(signerOf('ES256').jwk)).toBe('malformed: d: not a private key');
    expect(outcome({ kty: 'oct', k: 'c2VjcmV0' })).toBe('malformed: d: not a private key');
    expect(outcome({ kty: 'oct', k: 'c2VjcmV0', d: 'x' })).toBe('malformed: alg, kty or crv: no algorithm fits');
    expect(outcome({})).toBe('malformed: d: not a private key');
    expect(outcome({ ...privateJwk('ES256'), d: 7 })).toBe('malformed: d: not a private key');
    expect(outcome({ ...privateJwk('ES256'), x: 'AAAA' })).toBe('malformed: key material: refused by OpenSSL');
    expect(outcome({ ...privateJwk('ES256'), crv: 'P-257' })).toBe('malformed: alg, kty or crv: no algorithm fits');
  });

  it('the kid of a private key is a string or absent', () => {
    expect(outcome({ ...privateJwk('ES256'), kid: 7 })).toBe('malformed: kid: not a string');
    expect(passed(importPrivateKey(jsonObject(privateJwk('ES256')))).kid).toBeUndefined();
  });

  it('a private key never shows its secret members when printed or serialized', () => {
    const jwk = privateJwk('RS256');
    const key = passed(importPrivateKey(jsonObject(jwk)));
    const shown = [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key), String(key)].join();
    for (const name of ['d', 'p', 'q']) expect(shown).not.toContain(String(jwk[name]));
    expect(key).toSatisfy(Object.isFrozen);
  });
});
