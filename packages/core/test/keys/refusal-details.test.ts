import { describe, expect, it } from 'vitest';
import type { KeyAlgorithm } from '../../src/jws/algorithms.js';
import type { JsonObject, JsonValue } from '../../src/jws/json.js';
import { PublicKey } from '../../src/jws/public-key.js';
import { checkSignature } from '../../src/keys/check-signature.js';
import { importKeySet, KeySet } from '../../src/keys/key-set.js';
import { StaticKeySource } from '../../src/keys/static-key-source.js';
import { VerificationQueue } from '../../src/keys/verification-queue.js';
import { NetworkError } from '../../src/model/ports.js';
import { keyRules } from '../support/key-rules.js';
import { parsedToken } from '../support/stages.js';
import { passed, refusalIn } from '../support/verdict.js';
import { sourceUnderTest } from '../support-network/key-source.js';
import { makeJwk, tokenNaming } from '../support-network/keys.js';

/** Returns the outcome unchanged: the continuation that checkSignature expects. */
const same = <T>(outcome: T): T => outcome;

const ec = makeJwk('P-256');
const sourceOf = (...keys: readonly JsonValue[]) => new StaticKeySource(passed(importKeySet({ keys }, keyRules())));
const named = (kid: string, members: Readonly<Record<string, JsonValue>> = {}): JsonObject => ({
  ...ec,
  kid,
  ...members,
});

describe('refusal details: no key found', () => {
  const forEncryption = named('a', { use: 'enc' });
  const ofAnotherCurve = makeJwk('P-384', { kid: 'a' });

  it.each<[string, readonly JsonValue[], string | undefined, string, string]>([
    ['an unknown kid', [named('a')], 'b', 'key_unknown', 'kid: a key of the issuer'],
    ['no kid and no key', [], undefined, 'key_unknown', 'kid: a key of the issuer'],
    ['two keys that fit', [named('a'), named('a')], 'a', 'key_unknown', 'one key that fits'],
    ['two keys without a kid', [ec, ec], undefined, 'key_unknown', 'one key that fits'],
    ['a key of another algorithm', [ofAnotherCurve], 'a', 'algorithm_refused', 'alg: the algorithm of the key'],
    ['a list instead of a key', [[ec]], undefined, 'key_unknown', 'kid: a usable key (not an object)'],
    ['a string instead of a key', ['a'], undefined, 'key_unknown', 'kid: a usable key (not an object)'],
    ['null instead of a key', [null], undefined, 'key_unknown', 'kid: a usable key (not an object)'],
    [
      'a key for another use',
      [forEncryption],
      'a',
      'key_unknown',
      'kid: a usable key (use or key_ops: not for verifying)',
    ],
  ])('the refusal detail names the reason why no key was found: %s', (_what, keys, kid, code, expected) => {
    const refusal = refusalIn(sourceOf(...keys).find(tokenNaming(kid)));
    const found = code === 'algorithm_refused' ? '"ES256"' : (JSON.stringify(kid) ?? 'nothing');
    expect([refusal.code, refusal.detail]).toEqual([code, { expected, found }]);
    expect(sourceOf(named('a')).find(tokenNaming('a'))).toBeInstanceOf(PublicKey);
  });

  it('a key set without skipped entries has no skip reason for any kid', () => {
    expect(new KeySet([]).whySkipped('a')).toBeUndefined();
    expect(new KeySet([]).whySkipped(undefined)).toBeUndefined();
  });
});

describe('refusal details: signature not accepted', () => {
  const settings = (...algorithms: readonly KeyAlgorithm[]) => ({
    algorithms: new Set(algorithms),
    keys: sourceOf(makeJwk('Ed25519', { kid: 'a' })),
  });

  it('the detail of algorithm_refused names every algorithm of the issuer and the one in the token', async () => {
    const refusal = refusalIn(
      await checkSignature(parsedToken(), settings('RS256', 'ES256'), new VerificationQueue(), same),
    );
    expect(refusal.code).toBe('algorithm_refused');
    expect(refusal.detail).toEqual({ expected: 'alg: RS256, ES256', found: '"Ed25519"' });
  });

  it('the detail of signature_invalid contains nothing of the signature in the token', async () => {
    const refusal = refusalIn(await checkSignature(parsedToken(), settings('Ed25519'), new VerificationQueue(), same));
    expect([refusal.code, refusal.detail]).toEqual(['signature_invalid', { expected: "the issuer's signature" }]);
  });
});

describe('refusal details: keys unavailable', () => {
  it.each<[string, unknown, string]>([
    [
      'a NetworkError',
      new NetworkError('bad_status', 'https://keys.example/jwks: answered 503'),
      'https://keys.example/jwks: answered 503',
    ],
    ['the name of an Error of another class, whose message may quote a response', new TypeError('s3cret'), 'TypeError'],
    ['a thrown value that is not an Error', () => Promise.reject('s3cret'), 'failed'],
  ])('the detail of keys_unavailable describes the failure in words: %s', async (_what, answer, message) => {
    const keys = sourceUnderTest();
    keys.answer(answer);
    const refusal = await keys.refusalOf('a');
    expect(refusal.code).toBe('keys_unavailable');
    expect(refusal.detail).toEqual({ expected: `the issuer's keys; the last fetch failed: ${message}` });
  });

  it('the detail of a key timeout is "no answer in time", with a NetworkError as the cause', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    keys.answer(() => new Promise(() => {}));
    const refusal = await keys.refusalOf('a');
    expect(refusal.detail).toEqual({ expected: "the issuer's keys; no answer in time" });
    expect(refusal.fields.cause).toBeInstanceOf(NetworkError);
  });
});
