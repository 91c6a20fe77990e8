import type { Clock } from '../model/clock.js';
import { Refusal, shown } from '../model/refusal.js';
import { ValidToken, type VerifiedToken } from '../model/stages.js';

/** Settings of the time checks. Times are in seconds. */
export interface ValiditySettings {
  readonly clock: Clock;
  /** How far our clock and the issuer's clock may differ. */
  readonly clockToleranceSeconds: number;
  /** Maximum age of a token by its `iat`; `undefined` for no limit. */
  readonly maxTokenAgeSeconds: number | undefined;
}

/** One time rule. `now` is in seconds since the epoch. */
interface ValidityRule {
  readonly name: string;
  readonly reference: string;
  refuse(token: VerifiedToken, settings: ValiditySettings, now: number): Refusal | undefined;
}

/*
 * Each comparison states the condition for acceptance and refuses otherwise. A comparison with NaN
 * is false, so a clock that returns NaN causes refusals.
 */

/** The time rules, in the order of evaluation. */
const validityRules: readonly ValidityRule[] = [
  {
    name: 'not expired',
    reference: 'RFC 7519 section 4.1.4',
    refuse({ facts: { expiresAt } }, { clockToleranceSeconds }, now) {
      // Only an introspected token may lack `exp`: its issuer has just stated that it is active.
      if (expiresAt === undefined || now < expiresAt + clockToleranceSeconds) return undefined;
      return new Refusal('token_expired', { expected: `exp: after ${Math.floor(now)}`, found: shown(expiresAt) });
    },
  },
  {
    name: 'already valid',
    reference: 'RFC 7519 section 4.1.5',
    refuse({ facts: { notBefore } }, settings, now) {
      return startsBy('nbf', notBefore, settings, now);
    },
  },
  {
    name: 'not issued in the future',
    reference: 'RFC 7519 section 4.1.6',
    refuse({ facts: { issuedAt } }, settings, now) {
      return startsBy('iat', issuedAt, settings, now);
    },
  },
  {
    name: 'not too old',
    reference: 'RFC 7519 section 4.1.6',
    refuse({ facts: { issuedAt } }, { maxTokenAgeSeconds, clockToleranceSeconds }, now) {
      if (maxTokenAgeSeconds === undefined) return undefined;
      if (issuedAt === undefined) return new Refusal('claim_missing', { expected: 'iat' });
      if (now - issuedAt <= maxTokenAgeSeconds + clockToleranceSeconds) return undefined;
      const expected = `iat: at most ${maxTokenAgeSeconds} s before ${Math.floor(now)}`;
      return new Refusal('token_too_old', { expected, found: shown(issuedAt) });
    },
  },
];

/** Validates the times of a verified token against the clock. Does not check revocation. */
export function validateTimes(token: VerifiedToken, settings: ValiditySettings): ValidToken | Refusal {
  const now = settings.clock.now() / 1000;
  for (const rule of validityRules) {
    const refusal = rule.refuse(token, settings, now);
    if (refusal !== undefined) return refusal;
  }
  return new ValidToken(token);
}

function startsBy(
  name: string,
  start: number | undefined,
  { clockToleranceSeconds }: ValiditySettings,
  now: number,
): Refusal | undefined {
  if (start === undefined || start <= now + clockToleranceSeconds) return undefined;
  const expected = `${name}: not after ${Math.floor(now)}`;
  return new Refusal('token_not_yet_valid', { expected, found: shown(start) });
}
