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

describe('two keys are the same', () => {
  it('when they are one, or one imported twice, whatever it is called', () => {
    const key = imported(first);
    expect(key.isSameAs(key)).toBe(true);
    expect(key.isSameAs(imported(first))).toBe(true);
    expect(key.isSameAs(imported({ ...first, kid: 'b', foo: 1 }))).toBe(true);
  });

  it('not when they are of one kid and one algorithm only', () => {
    expect(imported(first).isSameAs(imported(second))).toBe(false);
    expect(imported(first).isSameAs(imported(ed25519))).toBe(false);
  });

  it('not when one key is for two algorithms', () => {
    expect(imported(rsa, 'RS256').isSameAs(imported(rsa, 'RS256'))).toBe(true);
    expect(imported(rsa, 'RS256').isSameAs(imported(rsa, 'PS256'))).toBe(false);
  });
});

describe('a secret key', () => {
  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])('is one with %s, whatever is in it', (name) => {
    expect(isSecretKey({ ...first, [name]: null })).toBe(true);
    expect(isSecretKey(first)).toBe(false);
  });

  it.each([null, 'd', 7, true, ['d']])('is not %j', (value) => {
    expect(isSecretKey(value)).toBe(false);
  });
});
