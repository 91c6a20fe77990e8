import { describe, expect, it } from 'vitest';
import type { KeyAlgorithm } from '../../src/jws/algorithms.js';
import type { JsonObject } from '../../src/jws/json.js';
import { importPublicKey, isSecretKey, PublicKey } from '../../src/jws/public-key.js';
import { keyRules } from '../support/key-rules.js';
import { makeJwk } from '../support-network/keys.js';

const first = makeJwk('P-256', { kid: 'a' });
const second = makeJwk('P-256', { kid: 'a' });
const ed25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const rsa = { kty: 'RSA', e: 'AQAB', n: `u${'A'.repeat(340)}Q` };

function imported(jwk: JsonObject, rsaAlgorithm: KeyAlgorithm = 'RS256'): PublicKey {
  const key = importPublicKey(jwk, keyRules(rsaAlgorithm));
  if (!(key instanceof PublicKey)) throw new Error(key.reason);
  return key;
}

describe('comparison of two keys', () => {
  it('two imports of one key are the same key, whatever their kid and unknown members', () => {
    const key = imported(first);
    expect(key.isSameAs(key)).toBe(true);
    expect(key.isSameAs(imported(first))).toBe(true);
    expect(key.isSameAs(imported({ ...first, kid: 'b', foo: 1 }))).toBe(true);
  });

  it('two keys that share only kid and algorithm are different', () => {
    expect(imported(first).isSameAs(imported(second))).toBe(false);
    expect(imported(first).isSameAs(imported(ed25519))).toBe(false);
  });

  it('one RSA key bound to two algorithms counts as two keys', () => {
    expect(imported(rsa, 'RS256').isSameAs(imported(rsa, 'RS256'))).toBe(true);
    expect(imported(rsa, 'RS256').isSameAs(imported(rsa, 'PS256'))).toBe(false);
  });
});

describe('detection of a secret key', () => {
  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])(
    'a key with the member %s is a secret key, whatever its value',
    (name) => {
      expect(isSecretKey({ ...first, [name]: null })).toBe(true);
      expect(isSecretKey(first)).toBe(false);
    },
  );

  it.each([null, 'd', 7, true, ['d']])('the JSON value %j is not a secret key', (value) => {
    expect(isSecretKey(value)).toBe(false);
  });
});
