import { describe, expect, it } from 'vitest';
import { jwtRules } from '../../src/claims/jwt-rules.js';
import type { ClaimsSettings } from '../../src/claims/rule.js';
import { lenient, validate, verdictOnClaims, verdictOnTyp } from '../support/claims-verdict.js';
import { goodClaims, signedToken } from '../support/stages.js';
import { passed, refusalIn, verdict } from '../support/verdict.js';

const anyAudience: ClaimsSettings = { ...lenient, audience: null };

describe('typ in the jwt profile: absent, JWT or at+jwt (RFC 8725 section 3.11) [RS-8725-3.11-b]', () => {
  it.each([undefined, 'JWT', 'jwt', 'application/jwt', 'Application/JWT', 'at+jwt', 'AT+JWT', 'application/at+jwt'])(
    'the jwt profile accepts typ %s',
    (typ) => {
      expect(verdictOnTyp(lenient, typ)).toBe('passed');
    },
  );

  it.each([
    '',
    'JOSE',
    'logout+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'id_token+jwt',
    'JWT ',
    'text/jwt',
    'jwt+at',
    'Bearer',
  ])('the jwt profile refuses typ %j', (typ) => {
    expect(verdictOnTyp(lenient, typ)).toBe('type_refused');
  });
});

describe('marks of other kinds of token in the jwt profile (RFC 8725 section 3.12) [RS-8725-3.12-a]', () => {
  it.each(['at_hash', 'c_hash', 's_hash', 'events', 'token_introspection'])(
    'the jwt profile refuses a token with %s, for every value',
    (name) => {
      for (const value of ['x', '', null, {}, false])
        expect(verdictOnClaims(lenient, { [name]: value })).toBe('type_refused');
      expect(verdictOnClaims(lenient, {})).toBe('passed');
    },
  );

  it.each(['id', 'refresh', 'Access', 'access ', '', null, 1, ['access'], true])(
    'the jwt profile refuses token_use %j',
    (use) => {
      expect(verdictOnClaims(lenient, { token_use: use })).toBe('type_refused');
      expect(verdictOnClaims(lenient, { token_use: 'access' })).toBe('passed');
    },
  );

  it.each(['ID', 'Refresh', 'Offline', 'Logout', 'id', 'REFRESH'])(
    'the jwt profile refuses the payload claim typ %s',
    (typ) => {
      expect(verdictOnClaims(lenient, { typ })).toBe('type_refused');
      expect(verdictOnClaims(lenient, { typ: 'Bearer' })).toBe('passed');
    },
  );

  it.each(['n', '', null, 1])('the jwt profile refuses nonce %j, unless the payload claim typ is Bearer', (nonce) => {
    expect(verdictOnClaims(lenient, { nonce })).toBe('type_refused');
    for (const typ of ['JWT', 'DPoP', '', null, ['Bearer'], 1]) {
      expect(verdictOnClaims(lenient, { nonce, typ })).toBe('type_refused');
    }
    for (const typ of ['Bearer', 'bearer', 'BEARER']) expect(verdictOnClaims(lenient, { nonce, typ })).toBe('passed');
  });

  it('the payload claim typ Bearer permits a nonce, but no other mark of an ID token', () => {
    expect(verdictOnClaims(lenient, { nonce: 'n', typ: 'Bearer', at_hash: 'h' })).toBe('type_refused');
    expect(verdictOnClaims(lenient, { nonce: 'n', typ: 'Bearer', token_use: 'id' })).toBe('type_refused');
  });

  it('the refusal of another kind of token names the mark and not its value', () => {
    const refusal = refusalIn(validate(lenient, { claims: goodClaims({ nonce: 'hush' }) }));
    expect(refusal.detail).toEqual({ expected: 'an access token, not a token with nonce' });
  });
});

describe('the required claims of the jwt profile', () => {
  it.each(['iss', 'exp', 'aud'])('the jwt profile refuses a token without %s', (name) => {
    const refusal = refusalIn(validate(lenient, { claims: goodClaims({ [name]: undefined }) }));
    expect([refusal.code, refusal.detail.expected]).toEqual(['claim_missing', name]);
  });

  it('the jwt rules require iss themselves, independently of earlier steps', () => {
    const token = signedToken({ claims: goodClaims({ iss: undefined }) });
    const codes = jwtRules.map((rule) => rule.refuse(token, lenient)?.code);
    expect(codes.filter((code) => code !== undefined)).toEqual(['claim_missing']);
  });

  it('the jwt profile accepts a token without aud if audience is null', () => {
    expect(verdictOnClaims(anyAudience, { aud: undefined })).toBe('passed');
    expect(verdictOnClaims(anyAudience, { exp: undefined })).toBe('claim_missing');
  });

  it.each(['sub', 'client_id', 'iat', 'jti'])('the jwt profile accepts a token without %s', (name) => {
    expect(verdictOnClaims(lenient, { [name]: undefined })).toBe('passed');
  });

  it.each(['sub', 'client_id', 'jti', 'azp', 'cid', 'appid'])(
    'the jwt profile requires %s to be a string if it is present',
    (name) => {
      for (const value of [null, 1, [], {}, true]) {
        expect(verdictOnClaims(lenient, { [name]: value })).toBe('claim_malformed');
      }
      expect(verdictOnClaims(lenient, { [name]: 'x' })).toBe('passed');
    },
  );
});

describe('the client of a token in the jwt profile', () => {
  const clientOf = (changes: Readonly<Record<string, unknown>>) =>
    passed(validate(lenient, { claims: goodClaims({ client_id: undefined, ...changes }) })).facts.clientId;

  it.each([
    [{ client_id: 'a', azp: 'b', cid: 'c', appid: 'd' }, 'a'],
    [{ appid: 'd', cid: 'c', azp: 'b' }, 'b'],
    [{ appid: 'd', cid: 'c' }, 'c'],
    [{ appid: 'd' }, 'd'],
    [{}, undefined],
    [{ clientId: 'x', sub: 'y' }, undefined],
  ])('the client of %j is %s: client_id, else azp, cid, appid', (changes, client) => {
    expect(clientOf(changes)).toBe(client);
  });

  it('the client in the rfc9068 profile is client_id alone', () => {
    const verified = validate({ ...lenient, profile: 'rfc9068' }, { claims: goodClaims({ azp: 'other' }) });
    expect(passed(verified).facts.clientId).toBe('web');
  });
});

describe('scopes in the jwt profile', () => {
  it.each([
    ['a string', 'read write', 'passed'],
    ['a list', ['read', 'write'], 'passed'],
    ['an empty list', [], 'passed'],
    ['a list with a number', ['read', 1], 'claim_malformed'],
    ['a list of lists', [['read']], 'claim_malformed'],
    ['null', null, 'claim_malformed'],
    ['an object', { read: true }, 'claim_malformed'],
  ])('the jwt profile with %s as scope or scp: %s', (_what, value, expected) => {
    expect(verdictOnClaims(lenient, { scope: value })).toBe(expected);
    expect(verdictOnClaims(lenient, { scp: value })).toBe(expected);
  });

  it('the jwt profile reads the first of scope and scp that is present, and ignores the other', () => {
    expect(verdictOnClaims(lenient, { scope: 'read', scp: 1 })).toBe('passed');
    expect(verdictOnClaims(lenient, { scope: null, scp: 'read' })).toBe('claim_malformed');
    expect(verdict(validate(lenient, { claims: goodClaims({ scp: 1 }) }))).toBe('claim_malformed');
  });
});
