import { Refusal, shown } from '../model/refusal.js';
import type { IssuedToken } from '../model/stages.js';
import { firstPresent, isNumericDate, isText, stringOrList } from './claim-values.js';
import { type ClaimRule, mistyped } from './rule.js';

const dates = ['exp', 'nbf', 'iat'];
const replicable = ['iss', 'sub', 'aud'];

/**
 * RFC 7519 section 2: a date is a number of seconds. A date in milliseconds is refused: such a
 * token would never expire.
 */
export const datesAreNumbers: ClaimRule = {
  name: 'dates are NumericDates',
  reference: 'RFC 7519 section 2',
  refuse(token) {
    const { claims } = token;
    for (const name of dates) {
      const isDate = claims[name] === undefined || isNumericDate(claims[name]);
      if (!isDate) return mistyped(token, name, 'seconds since the epoch');
    }
    return undefined;
  },
};

/**
 * RFC 7519 section 5.3: a claim that is replicated in the header must have the same value there. A
 * different value is meant to mislead a program that reads the header.
 */
export const headerAgrees: ClaimRule = {
  name: 'claims replicated in the header agree',
  reference: 'RFC 7519 section 5.3',
  refuse({ header, claims }) {
    for (const name of replicable) {
      const agrees = header[name] === undefined || sameJson(header[name], claims[name]);
      if (!agrees) return new Refusal('claim_malformed', { expected: `${name}: as in the header` });
    }
    return undefined;
  },
};

function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** RFC 7519 section 4.1.3: `aud` contains an accepted audience, compared as a whole string. */
export const audienceMatches: ClaimRule = {
  name: 'aud contains an accepted audience',
  reference: 'RFC 9068 section 4, RFC 7519 section 4.1.3',
  refuse(token, { audience }) {
    const { aud } = token.claims;
    if (aud === undefined) {
      return audience === null ? undefined : new Refusal('claim_missing', { expected: 'aud' });
    }
    const named = stringOrList(aud);
    if (named === undefined) return mistyped(token, 'aud', 'a string or an array of strings');
    if (audience === null || named.some((name) => audience.includes(name))) return undefined;
    return new Refusal('audience_mismatch', { expected: `aud: ${audience.join(' or ')}`, found: shown(aud) });
  },
};

/** RFC 7519 section 4.1: these claims are non-empty strings where they are present. */
export function areText(names: readonly string[]): ClaimRule {
  return {
    name: `${names.join(', ')} are strings`,
    reference: 'RFC 9068 section 2.2',
    refuse(token) {
      const { claims } = token;
      for (const name of names) {
        if (claims[name] !== undefined && !isText(claims[name])) return mistyped(token, name, 'a string');
      }
      return undefined;
    },
  };
}

/** RFC 9068 section 2.2.3: `scope` is one string; older issuers also use arrays. */
export function scopesAre(type: 'a string' | 'a string or an array of strings'): ClaimRule {
  const isOfType = (value: IssuedToken['claims'][string] | undefined) =>
    type === 'a string' ? typeof value === 'string' : stringOrList(value) !== undefined;
  return {
    name: `scopes are ${type}`,
    reference: 'RFC 9068 section 2.2.3',
    refuse(token, { scopeClaims }) {
      const name = firstPresent(token.claims, scopeClaims);
      return name === undefined || isOfType(token.claims[name]) ? undefined : mistyped(token, name, type);
    },
  };
}
