import { checkPrimeSync, generateKeyPairSync, randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { importPublicKey } from '../../src/jws/public-key.js';
import { jsonObject } from '../support/json-object.js';
import { keyRules } from '../support/key-rules.js';

/** The product of the first 126 primes. The faulty library built its 1024-bit primes on it. */
const primorial = smallPrimes(126).reduce((product, prime) => product * BigInt(prime), 1n);

function smallPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}

/** 65537 to the power of `exponent`, modulo the primorial. */
function power(exponent: number): bigint {
  let result = 1n;
  for (let step = 0; step < exponent; step++) result = (result * 65_537n) % primorial;
  return result;
}

/** A 1024-bit prime as the faulty library made it: k * primorial + 65537^a mod primorial. */
function faultyPrime(): bigint {
  const rest = power(randomInt(1, 2000));
  const first = (3n << 1022n) / primorial + BigInt(randomInt(1, 2 ** 40));
  for (let k = first; ; k++) {
    const candidate = k * primorial + rest;
    if (checkPrimeSync(candidate)) return candidate;
  }
}

function jwkOf(modulus: bigint): object {
  const hex = modulus.toString(16);
  const n = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
  return { kty: 'RSA', alg: 'RS256', kid: 'a', n, e: 'AQAB' };
}

describe('RSA keys of the faulty generator of CVE-2017-15361 (ROCA)', () => {
  it('an RSA key of the faulty ROCA generator is refused at import', () => {
    const key = importPublicKey(jsonObject({ ...jwkOf(faultyPrime() * faultyPrime()) }), keyRules());
    expect(key).toMatchObject({ reason: 'n: of a faulty key generator (CVE-2017-15361)' });
  });

  it('a regular RSA key of the same size is accepted', () => {
    for (let count = 0; count < 3; count++) {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const key = importPublicKey(jsonObject({ ...publicKey.export({ format: 'jwk' }) }), keyRules());
      expect(key).toMatchObject({ algorithm: { name: 'RS256' } });
    }
  });
});
