import { describe, expect, it } from 'vitest';
import { jwtRules } from '../../src/claims/jwt-rules.js';
import { rfc9068Rules } from '../../src/claims/rfc9068-rules.js';
import { type ClaimsSettings, mistyped } from '../../src/claims/rule.js';
import { lenient, strict, validate } from '../support/claims-verdict.js';
import { goodClaims, signedToken } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

type Changes = Readonly<Record<string, unknown>>;

const detailFor = (settings: ClaimsSettings, changes: Changes, header: Changes = {}) =>
  refusalIn(validate(settings, { header: { alg: 'Ed25519', typ: 'at+jwt', ...header }, claims: goodClaims(changes) }))
    .detail;

describe('details of claim refusals for operators', () => {
  it.each<[string, ClaimsSettings, unknown]>([
    ['typ: at+jwt', strict, 'JOSE'],
    ['typ: JWT, at+jwt or none', lenient, 'JOSE'],
    ['typ: at+jwt', strict, 7],
    ['typ: JWT, at+jwt or none', lenient, 7],
    ['typ: JWT, at+jwt or none', lenient, null],
    ['typ: JWT, at+jwt or none', lenient, ['JWT']],
  ])('the refusal detail for a wrong typ is: %s, with the value that was found', (expected, settings, typ) => {
    expect(detailFor(settings, {}, { typ })).toEqual({ expected, found: JSON.stringify(typ) });
    expect(verdict(validate(settings, { header: { alg: 'Ed25519', typ: 'at+jwt' } }))).toBe('passed');
  });

  it.each<[string, Changes]>([
    ['a token with at_hash', { at_hash: 'h' }],
    ['a token with token_introspection', { token_introspection: {} }],
    ['a token of another token_use', { token_use: 'id' }],
    ['a token of another token_use', { token_use: 'other' }],
    ['a token of another payload typ', { typ: 'Refresh' }],
    ['a token with nonce', { nonce: 'n' }],
  ])('the refusal detail is: an access token, not %s', (trait, changes) => {
    expect(detailFor(lenient, changes)).toEqual({ expected: `an access token, not ${trait}` });
  });

  it.each<[string, Changes]>([
    ['a token with events', { events: {} }],
    ['a token of another token_use', { token_use: 'id' }],
    ['a token of another payload typ', { typ: 'ID' }],
  ])('the refusal detail in the RFC 9068 profile is: an access token, not %s', (trait, changes) => {
    expect(detailFor(strict, changes)).toEqual({ expected: `an access token, not ${trait}` });
  });

  it.each<[string, Changes, string | undefined]>([
    ['exp: seconds since the epoch', { exp: 'soon' }, '"soon"'],
    ['nbf: seconds since the epoch', { nbf: -1 }, '-1'],
    ['iat: seconds since the epoch', { iat: null }, 'null'],
    ['sub: a string', { sub: 7 }, undefined],
    ['jti: a string', { jti: '' }, undefined],
    ['aud: a string or an array of strings', { aud: 7 }, '7'],
  ])('the refusal detail in both profiles is: %s', (expected, changes, found) => {
    const detail = found === undefined ? { expected } : { expected, found };
    expect([detailFor(strict, changes), detailFor(lenient, changes)]).toEqual([detail, detail]);
  });

  it.each<[string, Changes, Changes]>([
    ['sub: as in the header', { sub: 'eve' }, {}],
    ['aud: as in the header', { aud: 'https://other.test' }, {}],
    ['iss: as in the header', { iss: 'https://other.test', sub: 'eve' }, {}],
  ])('the refusal detail for a replicated claim is: %s, without either value', (expected, header, changes) => {
    expect(detailFor(strict, changes, header)).toEqual({ expected });
  });

  it('the refusal detail for scope names the types that the profile accepts', () => {
    expect(detailFor(strict, { scope: ['a'] })).toEqual({ expected: 'scope: a string', found: '["a"]' });
    const expected = 'scope: a string or an array of strings';
    expect(detailFor(lenient, { scope: [7] })).toEqual({ expected, found: '[7]' });
    expect(detailFor(lenient, { scp: 7 })).toEqual({ expected: 'scp: a string or an array of strings' });
  });

  it('the refusal detail for aud names every own audience and the one that was found', () => {
    const several = { ...strict, audience: ['urn:api', 'https://api.test'] };
    const detail = { expected: 'aud: urn:api or https://api.test', found: '["urn:other"]' };
    expect(detailFor(several, { aud: ['urn:other'] })).toEqual(detail);
  });

  it('the refusal detail contains a mistyped iss, but no claim outside the list of public claims', () => {
    const token = signedToken({ claims: goodClaims({ email: 'hush' }) });
    const iss = { expected: 'iss: a list', found: '"https://issuer.test"' };
    expect(mistyped(token, 'iss', 'a list').detail).toEqual(iss);
    expect(mistyped(token, 'email', 'a list').detail).toEqual({ expected: 'email: a list' });
  });
});

describe('the rules of each profile, in order (D-10)', () => {
  const shared = ['claims replicated in the header agree', 'dates are NumericDates'];

  it('the rules of the rfc9068 profile are these, in this order (D-10)', () => {
    expect(rfc9068Rules.map(({ name }) => name)).toEqual([
      'typ is at+jwt',
      'no claim contradicts typ',
      'all required claims are present',
      ...shared,
      'sub, client_id, jti are strings',
      'scopes are a string',
      'aud contains an accepted audience',
    ]);
  });

  it('the rules of the jwt profile are these, in this order (D-10)', () => {
    expect(jwtRules.map(({ name }) => name)).toEqual([
      'typ is absent, JWT or at+jwt',
      'no claim belongs to another kind of token',
      'iss and exp are present',
      ...shared,
      'sub, jti, client_id, azp, cid, appid are strings',
      'scopes are a string or an array of strings',
      'aud contains an accepted audience',
    ]);
  });
});
