import { describe, expect, it } from 'vitest';
import { isAccessTokenType, requiredClaims } from '../../src/claims/rfc9068-rules.js';
import { judge, strict, verdictOnClaims, verdictOnTyp } from '../support/claims-verdict.js';
import { goodClaims } from '../support/stages.js';
import { refusalIn, verdict } from '../support/verdict.js';

describe('RFC 9068 section 4: typ says access token', () => {
  it.each(['at+jwt', 'AT+JWT', 'at+JWT', 'application/at+jwt', 'Application/AT+JWT'])('%s', (typ) => {
    expect(verdictOnTyp(strict, typ)).toBe('passed');
  });

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
  ])('%j does not', (typ) => {
    expect(verdictOnTyp(strict, typ)).toBe('type_refused');
  });

  it('a typ in the payload is no typ', () => {
    expect(verdict(judge(strict, { header: { alg: 'ES256' }, claims: goodClaims({ typ: 'at+jwt' }) }))).toBe(
      'type_refused',
    );
  });

  it('nothing but a string is one', () => {
    for (const typ of [undefined, null, 1, ['at+jwt'], { typ: 'at+jwt' }]) expect(isAccessTokenType(typ)).toBe(false);
  });
});

describe('RFC 9068 section 2.2: seven claims are required, and typed', () => {
  it('they are these', () => {
    expect([...requiredClaims].sort()).toEqual(['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'sub']);
  });

  it.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])(
    '[RS-9068-2.2-a] without %s the token is refused',
    (name) => {
      const refusal = refusalIn(judge(strict, { claims: goodClaims({ [name]: undefined }) }));
      expect(refusal.code).toBe('claim_missing');
      expect(refusal.detail).toEqual({ expected: name });
      expect(verdictOnClaims(strict, {})).toBe('passed');
    },
  );

  it.each(['sub', 'client_id', 'jti'])('[RS-9068-2.2-b] %s is a string that says something', (name) => {
    for (const value of [null, 1, '', [], ['x'], {}, true]) {
      expect(verdictOnClaims(strict, { [name]: value })).toBe('claim_malformed');
    }
    expect(verdictOnClaims(strict, { [name]: 'x' })).toBe('passed');
  });

  it('aud is required even where it is not looked at', () => {
    const anyAudience = { ...strict, audience: null };
    expect(verdictOnClaims(anyAudience, { aud: undefined })).toBe('claim_missing');
    expect(verdictOnClaims(anyAudience, { aud: 'https://other.test' })).toBe('passed');
  });

  it('a claim under another name does not stand in', () => {
    expect(verdictOnClaims(strict, { client_id: undefined, azp: 'web' })).toBe('claim_missing');
    expect(verdictOnClaims(strict, { sub: undefined, Sub: 'ada' })).toBe('claim_missing');
  });

  it('unknown claims are ignored, and so are those that mark other kinds of token: typ has decided', () => {
    expect(verdictOnClaims(strict, { nonce: 'n', at_hash: 'h', azp: 1, roles: ['x'], constructor: 1 })).toBe('passed');
  });
});

describe('RFC 9068 section 2.2.3: scope is one string', () => {
  it.each([
    ['none', undefined, 'passed'],
    ['a string', 'read write', 'passed'],
    ['an empty string', '', 'passed'],
    ['a list', ['read'], 'claim_malformed'],
    ['null', null, 'claim_malformed'],
    ['a number', 1, 'claim_malformed'],
    ['an object', { read: true }, 'claim_malformed'],
  ])('%s', (_what, value, expected) => {
    expect(verdictOnClaims(strict, { scope: value })).toBe(expected);
  });

  it('scp is not looked at unless it was asked for, and then it is a string too', () => {
    expect(verdictOnClaims(strict, { scp: ['read'] })).toBe('passed');
    const fromScp = { ...strict, scopeClaims: ['scp'] };
    expect(verdictOnClaims(fromScp, { scp: ['read'] })).toBe('claim_malformed');
    expect(verdictOnClaims(fromScp, { scp: 'read', scope: ['x'] })).toBe('passed');
  });
});
