import { checkPrimeSync, createPrivateKey, generateKeyPairSync, type KeyObject, randomInt } from 'node:crypto';
import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badToken } from '../suite/expected.js';
import { type Forge, makeForge } from './support/forge.js';
import type { Members } from './support/jws-builder.js';
import { serverWithKeys } from './support/servers.js';
import { expectAccepted, expectRefused } from './support/verdicts.js';

/*
 * Attack: a token with a valid signature by a weak key of its issuer. An attacker can factor the
 * key, or it is so large that its verification keeps the process busy. Such a key is not imported,
 * and its tokens are refused like those of an unknown key.
 */

let issuer: MockIssuer;

beforeAll(async () => {
  issuer = await createMockIssuer();
});

afterAll(() => issuer.close());

interface Weak {
  readonly name: string;
  readonly privateKey: KeyObject;
}

function forgeWith(privateKey: KeyObject): { forge: Forge; jwk: Members } {
  const { kty, n, e } = privateKey.export({ format: 'jwk' });
  const forge = makeForge({ issuer: issuer.issuer, alg: 'RS256', kid: 'a', privateKey });
  return { forge, jwk: { kty, n, e, kid: 'a', alg: 'RS256' } };
}

const rsaKey = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey;

const weakKeys: readonly (() => Weak)[] = [
  () => ({ name: '1024 bits', privateKey: rsaKey(1024) }),
  () => ({ name: 'more than 4096 bits', privateKey: rsaKey(4104) }),
  () => ({ name: 'the exponent 3', privateKey: rsaKey(2048, 3) }),
  () => ({ name: 'the exponent 65539', privateKey: rsaKey(2048, 65_539) }),
  () => ({ name: 'primes of the faulty generator of CVE-2017-15361 (ROCA)', privateKey: rocaKey() }),
];

describe('an RSA key that is too weak or too large', () => {
  it('a token signed with such a key is refused with key_unknown, and one of a sound key is accepted [RS-7518-3.3-c]', async () => {
    for (const make of weakKeys) {
      const { name, privateKey } = make();
      const { forge, jwk } = forgeWith(privateKey);
      const sound = forgeWith(rsaKey(2048));
      const server = serverWithKeys(issuer.issuer, [jwk, { ...sound.jwk, kid: 'sound' }]);
      const denied = await expectRefused(server, forge.token(), badToken('key_unknown'));
      expect([name, denied.error.detail.expected]).toEqual([name, expect.stringMatching(/^kid: a usable key \(/)]);
      await expectAccepted(server, sound.forge.token({ header: { kid: 'sound' } }));
    }
  }, 60_000);

  it('keys.maxRsaBits accepts larger keys, up to its own bound', async () => {
    const { forge, jwk } = forgeWith(rsaKey(4104));
    const wide = serverWithKeys(issuer.issuer, [jwk], { keys: { maxRsaBits: 4104 } });
    await expectAccepted(wide, forge.token());
    const other = forgeWith(rsaKey(2048)).jwk;
    const narrow = serverWithKeys(issuer.issuer, [jwk, { ...other, kid: 'b' }], { keys: { maxRsaBits: 4103 } });
    await expectRefused(narrow, forge.token(), badToken('key_unknown'));
  }, 60_000);
});

/**
 * An RSA key whose primes have the form k * M + (65537 ** a mod M). M is the product of the first
 * 126 primes.
 */
function rocaKey(): KeyObject {
  const product = firstPrimes(126).reduce((all, prime) => all * BigInt(prime), 1n);
  const p = rocaPrime(product);
  const q = rocaPrime(product);
  const e = 65_537n;
  const d = inverse(e, (p - 1n) * (q - 1n));
  const members = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const encoded = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, base64url(value)]));
  return createPrivateKey({ key: { kty: 'RSA', ...encoded }, format: 'jwk' });
}

function rocaPrime(product: bigint): bigint {
  let rest = 1n;
  for (let step = randomInt(1, 2000); step > 0; step--) rest = (rest * 65_537n) % product;
  let k = (3n << 1022n) / product + BigInt(randomInt(1, 2 ** 40));
  while (!checkPrimeSync(k * product + rest)) k++;
  return k * product + rest;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}

/** The inverse of `value` modulo `modulus`, by the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [remainder, next, coefficient, nextCoefficient] = [modulus, value % modulus, 0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [coefficient, nextCoefficient] = [nextCoefficient, coefficient - quotient * nextCoefficient];
  }
  return ((coefficient % modulus) + modulus) % modulus;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}
