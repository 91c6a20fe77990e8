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

/** What came of it, as it is. */
const same = <T>(outcome: T): T => outcome;

const ec = makeJwk('P-256');
const sourceOf = (...keys: readonly JsonValue[]) => new StaticKeySource(passed(importKeySet({ keys }, keyRules())));
const named = (kid: string, members: Readonly<Record<string, JsonValue>> = {}): JsonObject => ({
  ...ec,
  kid,
  ...members,
});

describe('an operator reads why no key was found', () => {
  const forEncryption = named('a', { use: 'enc' });
  const ofAnotherCurve = makeJwk('P-384', { kid: 'a' });

  it.each<[string, readonly JsonValue[], string | undefined, string, string]>([
    ['an unknown kid', [named('a')], 'b', 'key_unknown', 'kid: a key of the issuer'],
    ['no kid, no key', [], undefined, 'key_unknown', 'kid: a key of the issuer'],
    ['two that fit', [named('a'), named('a')], 'a', 'key_unknown', 'one key that fits'],
    ['two without a kid', [ec, ec], undefined, 'key_unknown', 'one key that fits'],
    ['another algorithm', [ofAnotherCurve], 'a', 'algorithm_refused', 'alg: the one of the key'],
    ['a list for a key', [[ec]], undefined, 'key_unknown', 'kid: a usable key (not an object)'],
    ['text for a key', ['a'], undefined, 'key_unknown', 'kid: a usable key (not an object)'],
    ['null for a key', [null], undefined, 'key_unknown', 'kid: a usable key (not an object)'],
    ['another use', [forEncryption], 'a', 'key_unknown', 'kid: a usable key (use or key_ops: not for verifying)'],
  ])('%s', (_what, keys, kid, code, expected) => {
    const refusal = refusalIn(sourceOf(...keys).find(tokenNaming(kid)));
    const found = code === 'algorithm_refused' ? '"ES256"' : (JSON.stringify(kid) ?? 'nothing');
    expect([refusal.code, refusal.detail]).toEqual([code, { expected, found }]);
    expect(sourceOf(named('a')).find(tokenNaming('a'))).toBeInstanceOf(PublicKey);
  });

  it('a set that skipped nothing says so of every kid', () => {
    expect(new KeySet([]).whySkipped('a')).toBeUndefined();
    expect(new KeySet([]).whySkipped(undefined)).toBeUndefined();
  });
});

describe('an operator reads why a signature was not accepted', () => {
  const settings = (...algorithms: readonly KeyAlgorithm[]) => ({
    algorithms: new Set(algorithms),
    keys: sourceOf(makeJwk('Ed25519', { kid: 'a' })),
  });

  it('algorithm_refused: every algorithm of the issuer, and the one that was found', async () => {
    const refusal = refusalIn(
      await checkSignature(parsedToken(), settings('RS256', 'ES256'), new VerificationQueue(), same),
    );
    expect(refusal.code).toBe('algorithm_refused');
    expect(refusal.detail).toEqual({ expected: 'alg: RS256, ES256', found: '"Ed25519"' });
  });

  it("signature_invalid: the issuer's signature, and nothing of the one that was found", async () => {
    const refusal = refusalIn(await checkSignature(parsedToken(), settings('Ed25519'), new VerificationQueue(), same));
    expect([refusal.code, refusal.detail]).toEqual(['signature_invalid', { expected: "the issuer's signature" }]);
  });
});

describe('an operator reads why the keys are unavailable', () => {
  it.each<[string, unknown, string]>([
    [
      'a NetworkError',
      new NetworkError('bad_status', 'https://keys.example/jwks: answered 503'),
      'https://keys.example/jwks: answered 503',
    ],
    ['an Error of another kind, whose message may quote anything', new TypeError('s3cret'), 'TypeError'],
    ['what is no Error', () => Promise.reject('s3cret'), 'failed'],
  ])('%s: in words', async (_what, answer, message) => {
    const keys = sourceUnderTest();
    keys.answer(answer);
    const refusal = await keys.refusalOf('a');
    expect(refusal.code).toBe('keys_unavailable');
    expect(refusal.detail).toEqual({ expected: `the issuer's keys (${message})` });
  });

  it('no answer in time: that there was none, as a NetworkError', async () => {
    const keys = sourceUnderTest({ timeoutSeconds: 0.01 });
    keys.answer(() => new Promise(() => {}));
    const refusal = await keys.refusalOf('a');
    expect(refusal.detail).toEqual({ expected: "the issuer's keys (no answer in time)" });
    expect(refusal.fields.cause).toBeInstanceOf(NetworkError);
  });
});
