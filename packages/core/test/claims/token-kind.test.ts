import { describe, expect, it } from 'vitest';
import { introspected, judge, lenient, strict } from '../support/claims-verdict.js';
import { goodClaims } from '../support/stages.js';
import { verdict } from '../support/verdict.js';

const header = { alg: 'ES256', typ: 'at+jwt' };

describe('D-33: a claim that says the token is of another kind refuses it in every profile, beside typ at+jwt too', () => {
  it.each([
    { token_use: 'id' },
    { token_use: 'ID' },
    { token_use: 'id_token' },
    { token_use: 'refresh' },
    { token_use: 'refresh_token' },
    { typ: 'ID' },
    { typ: 'Refresh' },
    { typ: 'Offline' },
    { typ: 'Logout' },
    { events: {} },
    { events: null },
    { token_introspection: {} },
  ])('%j', (claims) => {
    for (const profile of [strict, lenient, introspected]) {
      expect(verdict(judge(profile, { header, claims: goodClaims(claims) }))).toBe('type_refused');
    }
  });

  it.each([{}, { token_use: 'access' }, { typ: 'Bearer' }])('%j refuses no token', (claims) => {
    for (const profile of [strict, lenient, introspected]) {
      expect(verdict(judge(profile, { header, claims: goodClaims(claims) }))).toBe('passed');
    }
  });

  it.each([{ token_use: 'access_token' }, { nonce: 'n' }, { at_hash: 'x' }, { typ: 'JWT' }, { token_use: 7 }])(
    '%j does not contradict typ at+jwt in the profile of RFC 9068',
    (claims) => {
      expect(verdict(judge(strict, { header, claims: goodClaims(claims) }))).toBe('passed');
    },
  );
});
