import { describe, expect, it } from 'vitest';
import type { TokenFacts } from '../../src/model/stages.js';
import { ValidToken } from '../../src/model/stages.js';
import { type ValiditySettings, validateTimes } from '../../src/validity/validate-times.js';
import { verifiedToken } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

interface Moment {
  /** Seconds since the epoch. */
  readonly now: number;
  readonly tolerance?: number;
  readonly maxAge?: number;
}

function settingsAt({ now, tolerance = 0, maxAge }: Moment): ValiditySettings {
  const clock = { now: () => now * 1000, monotonic: () => Number.NaN };
  return { clock, clockToleranceSeconds: tolerance, maxTokenAgeSeconds: maxAge };
}

const judge = (facts: Partial<TokenFacts>, moment: Moment) =>
  validateTimes(verifiedToken({ facts }), settingsAt(moment));
const verdictAt = (facts: Partial<TokenFacts>, moment: Moment) => verdict(judge(facts, moment));

describe('RFC 7519 section 4.1.4: a token is over at exp', () => {
  it.each([
    [0, 1999, 'passed'],
    [0, 1999.999, 'passed'],
    [0, 2000, 'token_expired'],
    [0, 2000.001, 'token_expired'],
    [30, 2029.999, 'passed'],
    [30, 2030, 'token_expired'],
    [30, 1e12, 'token_expired'],
  ])('tolerance %i: at %d of exp 2000, %s', (tolerance, now, expected) => {
    expect(verdictAt({ expiresAt: 2000 }, { now, tolerance })).toBe(expected);
  });

  it('a fraction of a second counts', () => {
    expect(verdictAt({ expiresAt: 2000.5 }, { now: 2000.4 })).toBe('passed');
    expect(verdictAt({ expiresAt: 2000.5 }, { now: 2000.5 })).toBe('token_expired');
  });
});

describe.each([
  ['RFC 7519 section 4.1.5', 'nbf', (start: number): Partial<TokenFacts> => ({ notBefore: start })],
  ['RFC 7519 section 4.1.6', 'iat', (start: number): Partial<TokenFacts> => ({ issuedAt: start })],
])('%s: a token is not yet valid before %s', (_reference, name, factsOf) => {
  it.each([
    [0, 1500, 'passed'],
    [0, 1499.999, 'token_not_yet_valid'],
    [0, 1501, 'passed'],
    [30, 1470, 'passed'],
    [30, 1469.999, 'token_not_yet_valid'],
    [30, 0, 'token_not_yet_valid'],
  ])(`tolerance %i: at %d of ${name} 1500, %s`, (tolerance, now, expected) => {
    expect(verdictAt({ issuedAt: undefined, ...factsOf(1500) }, { now, tolerance })).toBe(expected);
  });
});

describe('maxTokenAgeSeconds: a token is too old by its iat', () => {
  it.each([
    [0, 1300, 'passed'],
    [0, 1300.001, 'token_too_old'],
    [30, 1330, 'passed'],
    [30, 1331, 'token_too_old'],
  ])('tolerance %i: at %d of iat 1000 and 300 seconds, %s', (tolerance, now, expected) => {
    expect(verdictAt({ issuedAt: 1000 }, { now, tolerance, maxAge: 300 })).toBe(expected);
  });

  it('without iat its age is unknown, and refused as a missing claim', () => {
    const refusal = refusalIn(judge({ issuedAt: undefined }, { now: 1500, maxAge: 300 }));
    expect([refusal.code, refusal.detail.expected]).toEqual(['claim_missing', 'iat']);
  });

  it('without the option nobody asks for iat', () => {
    expect(verdictAt({ issuedAt: undefined }, { now: 1500 })).toBe('passed');
    expect(verdictAt({ issuedAt: 0 }, { now: 1500 })).toBe('passed');
  });
});

describe('a clock that answers nonsense admits nobody', () => {
  const rich = { expiresAt: 2000, notBefore: 1000, issuedAt: 1000 };

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d', (now) => {
    expect(verdictAt(rich, { now, tolerance: 30 })).not.toBe('passed');
    expect(verdictAt(rich, { now: 1500, tolerance: 30 })).toBe('passed');
  });

  it('NaN does not admit a token that says nothing but exp either', () => {
    const bare = { expiresAt: 2000, notBefore: undefined, issuedAt: undefined };
    expect(verdictAt(bare, { now: Number.NaN, tolerance: 30 })).toBe('token_expired');
    expect(verdictAt(bare, { now: 1500, tolerance: 30 })).toBe('passed');
  });

  it('the clock is asked once, so that all rules see one moment', () => {
    let asked = 0;
    const clock = { now: () => (++asked === 1 ? 1500_000 : Number.NaN), monotonic: () => 0 };
    const answer = validateTimes(verifiedToken({ facts: rich }), { ...settingsAt({ now: 0, maxAge: 900 }), clock });
    expect([verdict(answer), asked]).toEqual(['passed', 1]);
  });
});

describe('a moment of validity', () => {
  it('is a stage of its own around the token that was judged', () => {
    const token = verifiedToken();
    const valid = validateTimes(token, settingsAt({ now: 1500 }));
    expect(valid).toBeInstanceOf(ValidToken);
    expect((valid as ValidToken).token).toBe(token);
  });

  it('D-10: expiry is asked first, then nbf, iat and age', () => {
    const everything = { expiresAt: 100, notBefore: 9000, issuedAt: 9000 };
    expect(verdictAt(everything, { now: 1500, maxAge: 1 })).toBe('token_expired');
    expect(verdictAt({ ...everything, expiresAt: 9999 }, { now: 1500, maxAge: 1 })).toBe('token_not_yet_valid');
    expect(verdictAt({ issuedAt: 1000 }, { now: 1500, maxAge: 1 })).toBe('token_too_old');
  });

  it('a refusal shows the date that was found and the second it was compared with', () => {
    expect(refusalIn(judge({ expiresAt: 2000 }, { now: 2500.7 })).detail).toEqual({
      expected: 'exp: after 2500',
      found: '2000',
    });
    expect(refusalIn(judge({ notBefore: 3000, expiresAt: 4000 }, { now: 2500.7 })).detail).toEqual({
      expected: 'nbf: not after 2500',
      found: '3000',
    });
    expect(refusalIn(judge({ issuedAt: 3000, expiresAt: 4000 }, { now: 2500.7 })).detail).toEqual({
      expected: 'iat: not after 2500',
      found: '3000',
    });
    expect(refusalIn(judge({ issuedAt: 1000, expiresAt: 4000 }, { now: 2500.7, maxAge: 300 })).detail).toEqual({
      expected: 'iat: at most 300 s before 2500',
      found: '1000',
    });
  });
});
