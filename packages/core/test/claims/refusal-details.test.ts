import { describe, expect, it } from 'vitest';
import { jwtRules } from '../../src/claims/jwt-rules.js';
import { rfc9068Rules } from '../../src/claims/rfc9068-rules.js';
import { type ClaimsSettings, mistyped } from '../../src/claims/rule.js';
import { judge, lenient, strict } from '../support/claims-verdict.js';
import { goodClaims, signedToken } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

type Changes = Readonly<Record<string, unknown>>;

const detailFor = (settings: ClaimsSettings, changes: Changes, header: Changes = {}) =>
  refusalIn(judge(settings, { header: { alg: 'Ed25519', typ: 'at+jwt', ...header }, claims: goodClaims(changes) }))
    .detail;

describe('an operator reads which rule a token broke, and what stood there where that may be shown', () => {
  it.each<[string, ClaimsSettings, unknown]>([
    ['typ: at+jwt', strict, 'JOSE'],
    ['typ: JWT, at+jwt or none', lenient, 'JOSE'],
    ['typ: at+jwt', strict, 7],
    ['typ: JWT, at+jwt or none', lenient, 7],
    ['typ: JWT, at+jwt or none', lenient, null],
    ['typ: JWT, at+jwt or none', lenient, ['JWT']],
  ])('%s', (expected, settings, typ) => {
    expect(detailFor(settings, {}, { typ })).toEqual({ expected, found: JSON.stringify(typ) });
    expect(verdict(judge(settings, { header: { alg: 'Ed25519', typ: 'at+jwt' } }))).toBe('passed');
  });

  it.each<[string, Changes]>([
    ['a token with at_hash', { at_hash: 'h' }],
    ['a token with token_introspection', { token_introspection: {} }],
    ['a token of another token_use', { token_use: 'id' }],
    ['a token of another payload typ', { typ: 'Refresh' }],
    ['a token with nonce', { nonce: 'n' }],
  ])('an access token, not %s', (trait, changes) => {
    expect(detailFor(lenient, changes)).toEqual({ expected: `an access token, not ${trait}` });
  });

  it.each<[string, Changes, string | undefined]>([
    ['exp: seconds since the epoch', { exp: 'soon' }, '"soon"'],
    ['nbf: seconds since the epoch', { nbf: -1 }, '-1'],
    ['iat: seconds since the epoch', { iat: null }, 'null'],
    ['sub: a string', { sub: 7 }, undefined],
    ['jti: a string', { jti: '' }, undefined],
    ['aud: a string or an array of strings', { aud: 7 }, '7'],
  ])('%s, in both profiles', (expected, changes, found) => {
    const detail = found === undefined ? { expected } : { expected, found };
    expect([detailFor(strict, changes), detailFor(lenient, changes)]).toEqual([detail, detail]);
  });

  it.each<[string, Changes, Changes]>([
    ['sub: as in the header', { sub: 'eve' }, {}],
    ['aud: as in the header', { aud: 'https://other.test' }, {}],
    ['iss: as in the header', { iss: 'https://other.test', sub: 'eve' }, {}],
  ])('%s, and neither value', (expected, header, changes) => {
    expect(detailFor(strict, changes, header)).toEqual({ expected });
  });

  it('scope: what the profile takes for scopes', () => {
    expect(detailFor(strict, { scope: ['a'] })).toEqual({ expected: 'scope: a string', found: '["a"]' });
    const expected = 'scope: a string or an array of strings';
    expect(detailFor(lenient, { scope: [7] })).toEqual({ expected, found: '[7]' });
    expect(detailFor(lenient, { scp: 7 })).toEqual({ expected: 'scp: a string or an array of strings' });
  });

  it('aud: every name that we have, and the one that was found', () => {
    const several = { ...strict, audience: ['urn:api', 'https://api.test'] };
    const detail = { expected: 'aud: urn:api or https://api.test', found: '["urn:other"]' };
    expect(detailFor(several, { aud: ['urn:other'] })).toEqual(detail);
  });

  it('iss may be shown where it is of the wrong type, and a claim that nobody listed may not', () => {
    const token = signedToken({ claims: goodClaims({ email: 'hush' }) });
    const iss = { expected: 'iss: a list', found: '"https://issuer.test"' };
    expect(mistyped(token, 'iss', 'a list').detail).toEqual(iss);
    expect(mistyped(token, 'email', 'a list').detail).toEqual({ expected: 'email: a list' });
  });
});

describe('D-10: the rules of a profile are these, in this order', () => {
  const shared = ['claims replicated in the header agree', 'dates are NumericDates'];

  it('RFC 9068', () => {
    expect(rfc9068Rules.map(({ name }) => name)).toEqual([
      'typ is at+jwt',
      'no claim contradicts typ',
      'all required claims are there',
      ...shared,
      'sub, client_id, jti are strings',
      'scopes are a string',
      'the audience is us',
    ]);
  });

  it('issuers that predate it', () => {
    expect(jwtRules.map(({ name }) => name)).toEqual([
      'typ is absent, JWT or at+jwt',
      'nothing in it belongs to another kind of token',
      'issuer and expiry are there',
      ...shared,
      'sub, jti, client_id, azp, cid, appid are strings',
      'scopes are a string or an array of strings',
      'the audience is us',
    ]);
  });
});
