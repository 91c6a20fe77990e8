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

describe('key selection by kid (D-15)', () => {
  it('the key with the kid and algorithm of the token is chosen (D-15)', () => {
    const keys = [
      { ...ec, kid: 'a' },
      { ...otherEc, kid: 'b' },
    ];
    expect(choice(keys, 'a')).toBe('a');
    expect(choice(keys, 'b')).toBe('b');
  });

  it('an unknown kid yields undefined instead of a refusal, since a newer set may contain it (D-15)', () => {
    expect(choice([{ ...ec, kid: 'a' }], 'b')).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', '', '../a', 'A'])(
    'the kid %j is compared with key ids and never read as a property or path (D-15)',
    (kid) => {
      expect(choice([{ ...ec, kid: 'a' }], kid)).toBeUndefined();
      expect(choice([{ ...ec, kid }], kid)).toBe(kid);
    },
  );

  it('two keys of different types may share one kid (D-15)', () => {
    const keys = [
      { ...ec, kid: '1' },
      { ...rsa, kid: '1' },
    ];
    const set = setOf(...keys);
    const [forEc, forRsa] = [set.choose(tokenNaming('1', 'ES256')), set.choose(tokenNaming('1', 'RS256'))];
    expect(forEc).toMatchObject({ algorithm: { name: 'ES256' } });
    expect(forRsa).toMatchObject({ algorithm: { name: 'RS256' } });
  });

  it('a kid that two keys of one algorithm share yields key_unknown (D-15)', () => {
    const twice = [
      { ...ec, kid: 'a' },
      { ...otherEc, kid: 'a' },
    ];
    expect(choice(twice, 'a')).toBe('key_unknown');
    expect(choice(twice.slice(0, 1), 'a')).toBe('a');
  });

  it('a kid whose key has another algorithm refuses the token with algorithm_refused (D-15)', () => {
    const keys = [{ ...rsa, kid: 'a', alg: 'PS256' }];
    expect(choice(keys, 'a', 'PS384')).toBe('algorithm_refused');
    expect(choice(keys, 'a', 'RS256')).toBe('algorithm_refused');
    expect(choice(keys, 'a', 'ES256')).toBe('algorithm_refused');
    expect(choice(keys, 'a', 'none')).toBe('algorithm_refused');
    expect(choice(keys, 'a', 'PS256')).toBe('a');
  });

  it('EdDSA and Ed25519 are two names of one algorithm (D-13)', () => {
    const keys = [{ ...makeJwk('Ed25519'), kid: 'a', alg: 'EdDSA' }];
    expect(choice(keys, 'a', 'Ed25519')).toBe('a');
    expect(choice(keys, 'a', 'EdDSA')).toBe('a');
  });
});

describe('key selection without a kid (D-15)', () => {
  it('without a kid the only key of the algorithm is chosen, whatever its own kid (D-15)', () => {
    expect(choice([{ ...ec, kid: 'a' }, rsa], undefined)).toBe('a');
    expect(choice([ec], undefined)).toBe('the key without a kid');
  });

  it('without a kid, two keys that fit yield key_unknown; they are not tried in turn (D-15)', () => {
    expect(choice([{ ...ec, kid: 'a' }, otherEc], undefined)).toBe('key_unknown');
  });

  it('a token without a kid that fits no key yields undefined, since a newer set may have one (D-15)', () => {
    expect(choice([{ ...rsa, kid: 'a' }], undefined)).toBeUndefined();
    expect(choice([], undefined)).toBeUndefined();
  });

  it('a token with a kid never selects a key without one (D-15)', () => {
    expect(choice([ec], 'a')).toBeUndefined();
  });
});

describe('import of a JWK set', () => {
  const good = { ...ec, kid: 'good' };

  it.each<[string, JsonValue]>([
    ['of an unknown kty', { kty: 'XYZ', kid: 'bad' }],
    ['an RSA key without modulus', { kty: 'RSA', e: 'AQAB', kid: 'bad' }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', kid: 'bad' }],
    ['a private key', { ...otherEc, d: 'AAAA', kid: 'bad' }],
    ['a key for encryption', { ...otherEc, use: 'enc', kid: 'bad' }],
    ['a key for signing only', { ...otherEc, key_ops: ['sign'], kid: 'bad' }],
    ['a key whose point is not on its curve', { ...otherEc, x: ec['x'] ?? null, kid: 'bad' }],
    ['a key whose curve does not match its alg', { ...otherEc, alg: 'ES384', kid: 'bad' }],
    ['a key with a numeric kid', { ...otherEc, kid: 7 }],
    ['a string', 'bad'],
    ['null', null],
    ['a list', [otherEc]],
  ])('a JWK set entry that is %s is skipped, and the valid key beside it works (D-15)', (_, bad) => {
    const set = setOf(bad, good);
    expect(set.size).toBe(1);
    expect(named(set.choose(tokenNaming('good')))).toBe('good');
  });

  it('a key with unknown members stays usable [RS-7517-4-a]', () => {
    expect(choice([{ ...good, foo: { bar: 1 }, use: 'sig', key_ops: ['verify'] }], 'good')).toBe('good');
  });

  it('a JWK set without keys is valid', () => {
    expect(setOf().size).toBe(0);
  });

  it.each<[string, JsonObject]>([
    ['missing', {}],
    ['an object of keys', { keys: { good } }],
    ['null', { keys: null }],
    ['a string', { keys: 'good' }],
  ])('a JWK set is refused as a whole when keys is not an array: %s', (_, document) => {
    expect(importKeySet(document, keyRules())).toEqual(new Malformed('keys: not an array'));
  });

  it('a JWK set has at most 1000 keys', () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ ...ec, kid: `k${at}` }));
    expect(choice(many, 'k999')).toBe('k999');
    expect(importKeySet({ keys: [...many, good] }, keyRules())).toBeInstanceOf(Malformed);
  });

  it('an RSA key without alg is used with the rsaAlgorithm of the issuer, one with alg with its own (D-14)', () => {
    const set = importKeySet({ keys: [rsa, { ...rsa, kid: 'a', alg: 'RS512' }] }, keyRules('PS256'));
    if (set instanceof Malformed) throw new Error(set.reason);
    expect(named(set.choose(tokenNaming(undefined, 'PS256')))).toBe('the key without a kid');
    expect(named(set.choose(tokenNaming(undefined, 'RS256')))).toBeUndefined();
    expect(named(set.choose(tokenNaming('a', 'RS512')))).toBe('a');
  });
});
