import { describe, expect, it } from 'vitest';
import { decodeCompactJws } from '../../src/jws/compact.js';
import { parseJsonObject } from '../../src/jws/json.js';
import { Malformed } from '../../src/jws/malformed.js';
import { importPublicKey } from '../../src/jws/public-key.js';
import { jsonObject } from '../support/json-object.js';
import { keyRules } from '../support/key-rules.js';
import { compactOf, segment } from '../support/segments.js';
import { signerOf } from '../support/signers.js';
import { verdict } from '../support/verdict.js';

const rsa = signerOf('RS256').jwk;
const ec = signerOf('ES256').jwk;

describe('reasons of a malformed JSON text', () => {
  it.each([
    ['not JSON in UTF-8', '{'],
    ['not a JSON object', '[]'],
    ['not a JSON object', 'null'],
    ['nested deeper than 32', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`],
    ['a duplicate member', '{"a":1,"a":1}'],
  ])('the reason of a malformed JSON text is "%s": %s', (reason, text) => {
    expect(parseJsonObject(Buffer.from(text))).toEqual(new Malformed(reason));
    expect(verdict(parseJsonObject(Buffer.from('{"a":[]}')))).toBe('passed');
  });
});

describe('reasons of a malformed JWS', () => {
  const good = segment({});

  it.each([
    ['header: not base64url', `=.${good}.AA`],
    ['payload: not base64url', `${good}.=.AA`],
    ['signature: not base64url', `${good}.${good}.=`],
    ['header: not JSON in UTF-8', compactOf('x', {})],
    ['header: not a JSON object', compactOf([], {})],
    ['payload: a duplicate member', compactOf({}, '{"a":1,"a":1}')],
  ])('the reason of a malformed JWS names the segment and the error: %s', (reason, token) => {
    expect(decodeCompactJws(token)).toEqual(new Malformed(reason));
    expect(verdict(decodeCompactJws(`${good}.${good}.AA`))).toBe('passed');
  });
});

describe('reasons of an unusable key', () => {
  const noAlgorithm = 'alg, kty or crv: no algorithm fits';
  const material = 'key material: malformed or too weak';

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['a kid that is not a string', 'kid: not a string, or longer than 256 characters', { ...ec, kid: 1 }],
    ['a kid that is too long', 'kid: not a string, or longer than 256 characters', { ...ec, kid: 'k'.repeat(257) }],
    ['a private key', 'a private or symmetric key', { ...ec, d: 'AA' }],
    ['use enc', 'use or key_ops: not for verifying', { ...ec, use: 'enc' }],
    ['key_ops of a signer', 'use or key_ops: not for verifying', { ...ec, key_ops: ['sign'] }],
    ['an unsupported alg and no kty', noAlgorithm, { alg: 'HS256' }],
    ['no alg and no kty', noAlgorithm, { x: 'AA' }],
    ['the alg of another kty, with all members of both', noAlgorithm, { ...ec, ...rsa, kty: 'EC', alg: 'RS256' }],
    ['the alg and curve of another kty', noAlgorithm, { ...ec, kty: 'OKP' }],
    ['the alg of another curve', noAlgorithm, { ...ec, alg: 'ES384' }],
    ['a weak exponent', 'e: not 65537', { ...rsa, e: 'Aw' }],
    ['a short modulus', 'n: 2040 bits, less than 2048', { ...rsa, n: `w${'A'.repeat(339)}` }],
    ['a long modulus', 'n: 4104 bits, more than keys.maxRsaBits (4096)', { ...rsa, n: `w${'A'.repeat(683)}` }],
    ['a modulus with a leading zero', 'n: not a Base64urlUInt', { ...rsa, n: `AAAA${rsa['n']}` }],
    ['a short coordinate', material, { ...ec, x: 'AA' }],
    ['a point that is not on the curve', 'key material: refused by OpenSSL', { ...ec, y: ec['x'] }],
  ])('the reason of an unusable key names the member at fault: %s', (_what, reason, jwk) => {
    expect(importPublicKey(jsonObject(jwk), keyRules())).toEqual(new Malformed(reason));
    for (const good of [ec, rsa]) expect(verdict(importPublicKey(jsonObject(good), keyRules()))).toBe('passed');
  });
});
