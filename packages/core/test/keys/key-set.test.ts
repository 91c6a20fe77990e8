import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/jws/json.js';
import { Malformed } from '../../src/jws/malformed.js';
import { importKeySet, type KeySet } from '../../src/keys/key-set.js';
import { keyRules } from '../support/key-rules.js';
import { makeJwk, named, tokenNaming } from '../support-network/keys.js';

const ec = makeJwk('P-256');
const otherEc = makeJwk('P-256');
const rsa = makeJwk('RSA');

function setOf(...keys: readonly JsonValue[]): KeySet {
  const set = importKeySet({ keys }, keyRules());
  if (set instanceof Malformed) throw new Error(set.reason);
  return set;
}

function choice(keys: readonly JsonObject[], kid: string | undefined, algorithm = 'ES256'): string | undefined {
  return named(setOf(...keys).choose(tokenNaming(kid, algorithm)));
}

describe('D-15: a kid names one key', () => {
  it('D-15: the key of that kid and algorithm is chosen, and no other', () => {
    const keys = [
      { ...ec, kid: 'a' },
      { ...otherEc, kid: 'b' },
    ];
    expect(choice(keys, 'a')).toBe('a');
    expect(choice(keys, 'b')).toBe('b');
  });

  it('D-15: an unknown kid is no refusal, since a newer set may have it', () => {
    expect(choice([{ ...ec, kid: 'a' }], 'b')).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', '', '../a', 'A'])(
    'D-15: the kid %j is compared, not read',
    (kid) => {
      expect(choice([{ ...ec, kid: 'a' }], kid)).toBeUndefined();
      expect(choice([{ ...ec, kid }], kid)).toBe(kid);
    },
  );

  it('D-15: one kid on keys of two types works for both', () => {
    const keys = [
      { ...ec, kid: '1' },
      { ...rsa, kid: '1' },
    ];
    const set = setOf(...keys);
    const [forEc, forRsa] = [set.choose(tokenNaming('1', 'ES256')), set.choose(tokenNaming('1', 'RS256'))];
    expect(forEc).toMatchObject({ algorithm: { name: 'ES256' } });
    expect(forRsa).toMatchObject({ algorithm: { name: 'RS256' } });
  });

  it('D-15: two keys of one kid and one algorithm are none', () => {
    const twice = [
      { ...ec, kid: 'a' },
      { ...otherEc, kid: 'a' },
    ];
    expect(choice(twice, 'a')).toBe('key_unknown');
    expect(choice(twice.slice(0, 1), 'a')).toBe('a');
  });

  it('D-15: a kid whose key is for another algorithm refuses the token', () => {
    const keys = [{ ...rsa, kid: 'a', alg: 'PS256' }];
    expect(choice(keys, 'a', 'PS384')).toBe('algorithm_refused');
    expect(choice(keys, 'a', 'RS256')).toBe('algorithm_refused');
    expect(choice(keys, 'a', 'ES256')).toBe('algorithm_refused');
    expect(choice(keys, 'a', 'none')).toBe('algorithm_refused');
    expect(choice(keys, 'a', 'PS256')).toBe('a');
  });

  it('D-13: EdDSA and Ed25519 are two names of one algorithm', () => {
    const keys = [{ ...makeJwk('Ed25519'), kid: 'a', alg: 'EdDSA' }];
    expect(choice(keys, 'a', 'Ed25519')).toBe('a');
    expect(choice(keys, 'a', 'EdDSA')).toBe('a');
  });
});

describe('D-15: without a kid exactly one key must fit', () => {
  it('D-15: the only key of the algorithm is chosen, whatever its kid', () => {
    expect(choice([{ ...ec, kid: 'a' }, rsa], undefined)).toBe('a');
    expect(choice([ec], undefined)).toBe('the key without a kid');
  });

  it('D-15: two that fit are refused, never tried one after the other', () => {
    expect(choice([{ ...ec, kid: 'a' }, otherEc], undefined)).toBe('key_unknown');
  });

  it('D-15: none that fits may be in a newer set', () => {
    expect(choice([{ ...rsa, kid: 'a' }], undefined)).toBeUndefined();
    expect(choice([], undefined)).toBeUndefined();
  });

  it('D-15: a kid does not find a key that has none', () => {
    expect(choice([ec], 'a')).toBeUndefined();
  });
});

describe('a JWK set', () => {
  const good = { ...ec, kid: 'good' };

  it.each<[string, JsonValue]>([
    ['an unknown kty', { kty: 'XYZ', kid: 'bad' }],
    ['no modulus', { kty: 'RSA', e: 'AQAB', kid: 'bad' }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', kid: 'bad' }],
    ['a private key', { ...otherEc, d: 'AAAA', kid: 'bad' }],
    ['a key for encryption', { ...otherEc, use: 'enc', kid: 'bad' }],
    ['a key for signing only', { ...otherEc, key_ops: ['sign'], kid: 'bad' }],
    ['a point that is not on the curve', { ...otherEc, x: ec['x'] ?? null, kid: 'bad' }],
    ['a curve that its alg does not have', { ...otherEc, alg: 'ES384', kid: 'bad' }],
    ['a kid that is no string', { ...otherEc, kid: 7 }],
    ['a string', 'bad'],
    ['null', null],
    ['a list', [otherEc]],
  ])('D-15: %s is skipped and the good key beside it works', (_, bad) => {
    const set = setOf(bad, good);
    expect(set.size).toBe(1);
    expect(named(set.choose(tokenNaming('good')))).toBe('good');
  });

  it('[RS-7517-4-a] a member that nobody knows does not make a key unusable', () => {
    expect(choice([{ ...good, foo: { bar: 1 }, use: 'sig', key_ops: ['verify'] }], 'good')).toBe('good');
  });

  it('a set without keys is a set', () => {
    expect(setOf().size).toBe(0);
  });

  it.each<[string, JsonObject]>([
    ['no keys', {}],
    ['an object of keys', { keys: { good } }],
    ['null', { keys: null }],
    ['a string', { keys: 'good' }],
  ])('is refused whole when keys is no array: %s', (_, document) => {
    expect(importKeySet(document, keyRules())).toEqual(new Malformed('keys: not an array'));
  });

  it('has at most 1000 keys', () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ ...ec, kid: `k${at}` }));
    expect(choice(many, 'k999')).toBe('k999');
    expect(importKeySet({ keys: [...many, good] }, keyRules())).toBeInstanceOf(Malformed);
  });

  it('D-14: an RSA key without alg is for the algorithm the issuer uses, one with alg for its own', () => {
    const set = importKeySet({ keys: [rsa, { ...rsa, kid: 'a', alg: 'RS512' }] }, keyRules('PS256'));
    if (set instanceof Malformed) throw new Error(set.reason);
    expect(named(set.choose(tokenNaming(undefined, 'PS256')))).toBe('the key without a kid');
    expect(named(set.choose(tokenNaming(undefined, 'RS256')))).toBeUndefined();
    expect(named(set.choose(tokenNaming('a', 'RS512')))).toBe('a');
  });
});
