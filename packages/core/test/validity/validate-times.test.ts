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

const validate = (facts: Partial<TokenFacts>, moment: Moment) =>
  validateTimes(verifiedToken({ facts }), settingsAt(moment));
const verdictAt = (facts: Partial<TokenFacts>, moment: Moment) => verdict(validate(facts, moment));

describe('expiry of a token (RFC 7519 section 4.1.4)', () => {
  it.each([
    [0, 1999, 'passed'],
    [0, 1999.999, 'passed'],
    [0, 2000, 'token_expired'],
    [0, 2000.001, 'token_expired'],
    [30, 2029.999, 'passed'],
    [30, 2030, 'token_expired'],
    [30, 1e12, 'token_expired'],
  ])('with tolerance %i s, a token with exp 2000 at %d s is: %s', (tolerance, now, expected) => {
    expect(verdictAt({ expiresAt: 2000 }, { now, tolerance })).toBe(expected);
  });

  it('a fraction of a second in exp counts', () => {
    expect(verdictAt({ expiresAt: 2000.5 }, { now: 2000.4 })).toBe('passed');
    expect(verdictAt({ expiresAt: 2000.5 }, { now: 2000.5 })).toBe('token_expired');
  });
});

describe.each([
  ['RFC 7519 section 4.1.5', 'nbf', (start: number): Partial<TokenFacts> => ({ notBefore: start })],
  ['RFC 7519 section 4.1.6', 'iat', (start: number): Partial<TokenFacts> => ({ issuedAt: start })],
])('start of validity (%s): %s', (_reference, name, factsOf) => {
  it.each([
    [0, 1500, 'passed'],
    [0, 1499.999, 'token_not_yet_valid'],
    [0, 1501, 'passed'],
    [30, 1470, 'passed'],
    [30, 1469.999, 'token_not_yet_valid'],
    [30, 0, 'token_not_yet_valid'],
  ])(`with tolerance %i s, a token with ${name} 1500 at %d s is: %s`, (tolerance, now, expected) => {
    expect(verdictAt({ issuedAt: undefined, ...factsOf(1500) }, { now, tolerance })).toBe(expected);
  });
});

describe('age of a token (maxTokenAgeSeconds)', () => {
  it.each([
    [0, 1300, 'passed'],
    [0, 1300.001, 'token_too_old'],
    [30, 1330, 'passed'],
    [30, 1331, 'token_too_old'],
  ])(
    'with tolerance %i s, a token with iat 1000 and maxTokenAgeSeconds 300 at %d s is: %s',
    (tolerance, now, expected) => {
      expect(verdictAt({ issuedAt: 1000 }, { now, tolerance, maxAge: 300 })).toBe(expected);
    },
  );

  it('with maxTokenAgeSeconds a token without iat is refused with claim_missing', () => {
    const refusal = refusalIn(validate({ issuedAt: undefined }, { now: 1500, maxAge: 300 }));
    expect([refusal.code, refusal.detail.expected]).toEqual(['claim_missing', 'iat']);
  });

  it('without maxTokenAgeSeconds a token needs no iat', () => {
    expect(verdictAt({ issuedAt: undefined }, { now: 1500 })).toBe('passed');
    expect(verdictAt({ issuedAt: 0 }, { now: 1500 })).toBe('passed');
  });
});

describe('invalid readings of the clock', () => {
  const rich = { expiresAt: 2000, notBefore: 1000, issuedAt: 1000 };

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'a clock reading of %d accepts no token',
    (now) => {
      expect(verdictAt(rich, { now, tolerance: 30 })).not.toBe('passed');
      expect(verdictAt(rich, { now: 1500, tolerance: 30 })).toBe('passed');
    },
  );

  it('a clock reading of NaN refuses even a token that has only exp', () => {
    const bare = { expiresAt: 2000, notBefore: undefined, issuedAt: undefined };
    expect(verdictAt(bare, { now: Number.NaN, tolerance: 30 })).toBe('token_expired');
    expect(verdictAt(bare, { now: 1500, tolerance: 30 })).toBe('passed');
  });

  it('the clock is read once, so that all time rules use the same moment', () => {
    let readings = 0;
    const clock = { now: () => (++readings === 1 ? 1500_000 : Number.NaN), monotonic: () => 0 };
    const answer = validateTimes(verifiedToken({ facts: rich }), { ...settingsAt({ now: 0, maxAge: 900 }), clock });
    expect([verdict(answer), readings]).toEqual(['passed', 1]);
  });
});

describe('result of the time validation', () => {
  it('a token within its times becomes a ValidToken that contains the validated token', () => {
    const token = verifiedToken();
    const valid = validateTimes(token, settingsAt({ now: 1500 }));
    expect(valid).toBeInstanceOf(ValidToken);
    expect((valid as ValidToken).token).toBe(token);
  });

  it('exp is checked first, then nbf, iat and the age (D-10)', () => {
    const everything = { expiresAt: 100, notBefore: 9000, issuedAt: 9000 };
    expect(verdictAt(everything, { now: 1500, maxAge: 1 })).toBe('token_expired');
    expect(verdictAt({ ...everything, expiresAt: 9999 }, { now: 1500, maxAge: 1 })).toBe('token_not_yet_valid');
    expect(verdictAt({ issuedAt: 1000 }, { now: 1500, maxAge: 1 })).toBe('token_too_old');
  });

  it('a refusal by time shows the date in the token and the second it was compared with', () => {
    expect(refusalIn(validate({ expiresAt: 2000 }, { now: 2500.7 })).detail).toEqual({
      expected: 'exp: after 2500',
      found: '2000',
    });
    expect(refusalIn(validate({ notBefore: 3000, expiresAt: 4000 }, { now: 2500.7 })).detail).toEqual({
      expected: 'nbf: not after 2500',
      found: '3000',
    });
    expect(refusalIn(validate({ issuedAt: 3000, expiresAt: 4000 }, { now: 2500.7 })).detail).toEqual({
      expected: 'iat: not after 2500',
      found: '3000',
    });
    expect(refusalIn(validate({ issuedAt: 1000, expiresAt: 4000 }, { now: 2500.7, maxAge: 300 })).detail).toEqual({
      expected: 'iat: at most 300 s before 2500',
      found: '1000',
    });
  });
});
