import { describe, expect, it } from 'vitest';
import { introspected, lenient, strict, validate } from '../support/claims-verdict.js';
import { goodClaims } from '../support/stages.js';
import { verdict } from '../support/verdict.js';

const header = { alg: 'ES256', typ: 'at+jwt' };

describe('claims that mark another kind of token, in every profile (D-33)', () => {
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
  ])('the claims %j refuse a token in every profile, also with typ at+jwt (D-33)', (claims) => {
    for (const profile of [strict, lenient, introspected]) {
      expect(verdict(validate(profile, { header, claims: goodClaims(claims) }))).toBe('type_refused');
    }
  });

  it.each([{}, { token_use: 'access' }, { typ: 'Bearer' }])(
    'the claims %j are accepted in every profile (D-33)',
    (claims) => {
      for (const profile of [strict, lenient, introspected]) {
        expect(verdict(validate(profile, { header, claims: goodClaims(claims) }))).toBe('passed');
      }
    },
  );

  it.each([{ token_use: 'access_token' }, { nonce: 'n' }, { at_hash: 'x' }, { typ: 'JWT' }, { token_use: 7 }])(
    'the claims %j are accepted with typ at+jwt in the rfc9068 profile (D-33)',
    (claims) => {
      expect(verdict(validate(strict, { header, claims: goodClaims(claims) }))).toBe('passed');
    },
  );
});
