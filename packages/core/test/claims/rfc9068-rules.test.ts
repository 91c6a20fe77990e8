import { describe, expect, it } from 'vitest';
import { isAccessTokenType, requiredClaims } from '../../src/claims/rfc9068-rules.js';
import { strict, validate, verdictOnClaims, verdictOnTyp } from '../support/claims-verdict.js';
import { goodClaims } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

describe('typ in the rfc9068 profile (RFC 9068 section 4)', () => {
  it.each(['at+jwt', 'AT+JWT', 'at+JWT', 'application/at+jwt', 'Application/AT+JWT'])(
    'the rfc9068 profile accepts typ %s',
    (typ) => {
      expect(verdictOnTyp(strict, typ)).toBe('passed');
    },
  );

  it.each([
    undefined,
    '',
    'JWT',
    'jwt',
    'at+jwt+x',
    'at+jwt ',
    ' at+jwt',
    'xat+jwt',
    'at-jwt',
    'at+jwt;v=1',
    'text/at+jwt',
    'application/application/at+jwt',
    'application/',
    'dpop+jwt',
    'id_token+jwt',
    'logout+jwt',
    'secevent+jwt',
    'token-introspection+jwt',
    'statuslist+jwt',
    'oauth-authz-req+jwt',
    'oauth-id-jag+jwt',
    'txntoken+jwt',
    'client-authentication+jwt',
    'JOSE',
    'at+jwt\0',
  ])('the rfc9068 profile refuses typ %j', (typ) => {
    expect(verdictOnTyp(strict, typ)).toBe('type_refused');
  });

  it('a typ in the payload does not replace typ in the header', () => {
    expect(verdict(validate(strict, { header: { alg: 'ES256' }, claims: goodClaims({ typ: 'at+jwt' }) }))).toBe(
      'type_refused',
    );
  });

  it('isAccessTokenType accepts strings only', () => {
    for (const typ of [undefined, null, 1, ['at+jwt'], { typ: 'at+jwt' }]) expect(isAccessTokenType(typ)).toBe(false);
  });
});

describe('the seven required claims of the rfc9068 profile (RFC 9068 section 2.2)', () => {
  it('the required claims of the rfc9068 profile are aud, client_id, exp, iat, iss, jti and sub', () => {
    expect([...requiredClaims].sort()).toEqual(['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'sub']);
  });

  it.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])(
    'the rfc9068 profile refuses a token without %s [RS-9068-2.2-a]',
    (name) => {
      const refusal = refusalIn(validate(strict, { claims: goodClaims({ [name]: undefined }) }));
      expect(refusal.code).toBe('claim_missing');
      expect(refusal.detail).toEqual({ expected: name });
      expect(verdictOnClaims(strict, {})).toBe('passed');
    },
  );

  it.each(['sub', 'client_id', 'jti'])(
    'the rfc9068 profile requires %s to be a non-empty string [RS-9068-2.2-b]',
    (name) => {
      for (const value of [null, 1, '', [], ['x'], {}, true]) {
        expect(verdictOnClaims(strict, { [name]: value })).toBe('claim_malformed');
      }
      expect(verdictOnClaims(strict, { [name]: 'x' })).toBe('passed');
    },
  );

  it('the rfc9068 profile requires aud, also with audience null', () => {
    const anyAudience = { ...strict, audience: null };
    expect(verdictOnClaims(anyAudience, { aud: undefined })).toBe('claim_missing');
    expect(verdictOnClaims(anyAudience, { aud: 'https://other.test' })).toBe('passed');
  });

  it('a claim under another name does not replace a required claim', () => {
    expect(verdictOnClaims(strict, { client_id: undefined, azp: 'web' })).toBe('claim_missing');
    expect(verdictOnClaims(strict, { sub: undefined, Sub: 'ada' })).toBe('claim_missing');
  });

  it('the rfc9068 profile ignores unknown claims and marks of an ID token, since typ is at+jwt', () => {
    expect(verdictOnClaims(strict, { nonce: 'n', at_hash: 'h', azp: 1, roles: ['x'], constructor: 1 })).toBe('passed');
  });
});

describe('scope in the rfc9068 profile (RFC 9068 section 2.2.3)', () => {
  it.each([
    ['no value', undefined, 'passed'],
    ['a string', 'read write', 'passed'],
    ['an empty string', '', 'passed'],
    ['a list', ['read'], 'claim_malformed'],
    ['null', null, 'claim_malformed'],
    ['a number', 1, 'claim_malformed'],
    ['an object', { read: true }, 'claim_malformed'],
  ])('the rfc9068 profile with %s as scope: %s', (_what, value, expected) => {
    expect(verdictOnClaims(strict, { scope: value })).toBe(expected);
  });

  it('scp is ignored unless scopeClaims names it, and then it must be a string', () => {
    expect(verdictOnClaims(strict, { scp: ['read'] })).toBe('passed');
    const fromScp = { ...strict, scopeClaims: ['scp'] };
    expect(verdictOnClaims(fromScp, { scp: ['read'] })).toBe('claim_malformed');
    expect(verdictOnClaims(fromScp, { scp: 'read', scope: ['x'] })).toBe('passed');
  });
});
