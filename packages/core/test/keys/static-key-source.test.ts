import { describe, expect, it } from 'vitest';
import { Malformed } from '../../src/jws/malformed.js';
import { importKeySet } from '../../src/keys/key-set.js';
import { StaticKeySource } from '../../src/keys/static-key-source.js';
import { Refusal } from '../../src/model/refusal.js';
import { keyRules } from '../support/key-rules.js';
import { makeJwk, named, tokenNaming } from '../support-network/keys.js';

function sourceOf(...kids: readonly string[]): StaticKeySource {
  const set = importKeySet({ keys: kids.map((kid) => makeJwk('P-256', { kid })) }, keyRules());
  if (set instanceof Malformed) throw new Error(set.reason);
  return new StaticKeySource(set);
}

describe('configured keys', () => {
  it('a configured key is found by its kid, synchronously', () => {
    expect(named(sourceOf('a', 'b').find(tokenNaming('b')))).toBe('b');
  });

  it('an unknown kid yields key_unknown for configured keys, since no newer set can be fetched (D-17)', () => {
    expect(named(sourceOf('a').find(tokenNaming('b')))).toBe('key_unknown');
    expect(named(sourceOf('a', 'b').find(tokenNaming(undefined)))).toBe('key_unknown');
  });

  it('the refusal detail shows the kid as a JSON string of printable ASCII, cut at 200 characters', () => {
    const refusal = sourceOf('a').find(tokenNaming(`\u001b[31m"\n${'x'.repeat(250)}`));
    if (!(refusal instanceof Refusal)) throw new Error('found');
    const { found } = refusal.detail;
    expect(found).toMatch(/^"[\x20-\x7e]+$/);
    expect(found?.length).toBeLessThanOrEqual(200);
  });

  it('the refusal detail names the reason why the key with that kid was skipped', () => {
    const keys = [makeJwk('P-256', { kid: 'a', use: 'enc' }), makeJwk('P-256', { kid: 'b' })];
    const set = importKeySet({ keys }, keyRules());
    if (set instanceof Malformed) throw new Error(set.reason);
    const refusal = new StaticKeySource(set).find(tokenNaming('a'));
    if (!(refusal instanceof Refusal)) throw new Error('found');
    expect(refusal.detail).toEqual({
      expected: 'kid: a usable key (use or key_ops: not for verifying)',
      found: '"a"',
    });
  });

  it('configured keys are ready from the start', async () => {
    await expect(sourceOf('a').ready()).resolves.toBeUndefined();
  });
});
