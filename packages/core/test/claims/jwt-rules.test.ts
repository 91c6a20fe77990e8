import { describe, expect, it } from 'vitest';
import { jwtRules } from '../../src/claims/jwt-rules.js';
import type { ClaimsSettings } from '../../src/claims/rule.js';
import { judge, lenient, verdictOnClaims, verdictOnTyp } from '../support/claims-verdict.js';
import { goodClaims, signedToken } from '../support/stages.js';
import { passed, refusalIn, verdict } from '../support/verdict.js';

const anyAudience: ClaimsSettings = { ...lenient, audience: null };

describe('[RS-8725-3.11-b] RFC 8725 section 3.11: typ is absent, JWT or at+jwt', () => {
  it.each([undefined, 'JWT', 'jwt', 'application/jwt', 'Application/JWT', 'at+jwt', 'AT+JWT', 'application/at+jwt'])(
    '%s passes',
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
  ])('%j is refused', (typ) => {
    expect(verdictOnTyp(lenient, typ)).toBe('type_refused');
  });
});

describe('[RS-8725-3.12-a] RFC 8725 section 3.12: what belongs to another kind of token refuses it', () => {
  it.each(['at_hash', 'c_hash', 's_hash', 'events', 'token_introspection'])('%s, whatever its value', (name) => {
    for (const value of ['x', '', null, {}, false])
      expect(verdictOnClaims(lenient, { [name]: value })).toBe('type_refused');
    expect(verdictOnClaims(lenient, {})).toBe('passed');
  });

  it.each(['id', 'refresh', 'Access', 'access ', '', null, 1, ['access'], true])('token_use %j', (use) => {
    expect(verdictOnClaims(lenient, { token_use: use })).toBe('type_refused');
    expect(verdictOnClaims(lenient, { token_use: 'access' })).toBe('passed');
  });

  it.each(['ID', 'Refresh', 'Offline', 'Logout', 'id', 'REFRESH'])('a payload typ of %s', (typ) => {
    expect(verdictOnClaims(lenient, { typ })).toBe('type_refused');
    expect(verdictOnClaims(lenient, { typ: 'Bearer' })).toBe('passed');
  });

  it.each(['n', '', null, 1])('nonce %j, unless the payload typ is Bearer', (nonce) => {
    expect(verdictOnClaims(lenient, { nonce })).toBe('type_refused');
    for (const typ of ['JWT', 'DPoP', '', null, ['Bearer'], 1]) {
      expect(verdictOnClaims(lenient, { nonce, typ })).toBe('type_refused');
    }
    for (const typ of ['Bearer', 'bearer', 'BEARER']) expect(verdictOnClaims(lenient, { nonce, typ })).toBe('passed');
  });

  it('Bearer in the payload excuses nothing but the nonce', () => {
    expect(verdictOnClaims(lenient, { nonce: 'n', typ: 'Bearer', at_hash: 'h' })).toBe('type_refused');
    expect(verdictOnClaims(lenient, { nonce: 'n', typ: 'Bearer', token_use: 'id' })).toBe('type_refused');
  });

  it('the refusal names the trait and shows none of its value', () => {
    const refusal = refusalIn(judge(lenient, { claims: goodClaims({ nonce: 'hush' }) }));
    expect(refusal.detail).toEqual({ expected: 'an access token, not a token with nonce' });
  });
});

describe('iss and exp are required, and aud unless audience is null', () => {
  it.each(['iss', 'exp', 'aud'])('without %s the token is refused', (name) => {
    const refusal = refusalIn(judge(lenient, { claims: goodClaims({ [name]: undefined }) }));
    expect([refusal.code, refusal.detail.expected]).toEqual(['claim_missing', name]);
  });

  it('iss is asked for by this room too, whatever the rooms before it did', () => {
    const token = signedToken({ claims: goodClaims({ iss: undefined }) });
    const codes = jwtRules.map((rule) => rule.refuse(token, lenient)?.code);
    expect(codes.filter((code) => code !== undefined)).toEqual(['claim_missing']);
  });

  it('without aud the token passes where audience is null', () => {
    expect(verdictOnClaims(anyAudience, { aud: undefined })).toBe('passed');
    expect(verdictOnClaims(anyAudience, { exp: undefined })).toBe('claim_missing');
  });

  it.each(['sub', 'client_id', 'iat', 'jti'])('%s may be absent', (name) => {
    expect(verdictOnClaims(lenient, { [name]: undefined })).toBe('passed');
  });

  it.each(['sub', 'client_id', 'jti', 'azp', 'cid', 'appid'])('%s is a string where it is present', (name) => {
    for (const value of [null, 1, [], {}, true]) {
      expect(verdictOnClaims(lenient, { [name]: value })).toBe('claim_malformed');
    }
    expect(verdictOnClaims(lenient, { [name]: 'x' })).toBe('passed');
  });
});

describe('the client is client_id, else azp, cid, appid', () => {
  const clientOf = (changes: Readonly<Record<string, unknown>>) =>
    passed(judge(lenient, { claims: goodClaims({ client_id: undefined, ...changes }) })).facts.clientId;

  it.each([
    [{ client_id: 'a', azp: 'b', cid: 'c', appid: 'd' }, 'a'],
    [{ appid: 'd', cid: 'c', azp: 'b' }, 'b'],
    [{ appid: 'd', cid: 'c' }, 'c'],
    [{ appid: 'd' }, 'd'],
    [{}, undefined],
    [{ clientId: 'x', sub: 'y' }, undefined],
  ])('%j: %s', (changes, client) => {
    expect(clientOf(changes)).toBe(client);
  });

  it('in the strict profile it is client_id alone', () => {
    const verified = judge({ ...lenient, profile: 'rfc9068' }, { claims: goodClaims({ azp: 'other' }) });
    expect(passed(verified).facts.clientId).toBe('web');
  });
});

describe('scopes are a string or a list of strings', () => {
  it.each([
    ['a string', 'read write', 'passed'],
    ['a list', ['read', 'write'], 'passed'],
    ['an empty list', [], 'passed'],
    ['a list with a number', ['read', 1], 'claim_malformed'],
    ['a list of lists', [['read']], 'claim_malformed'],
    ['null', null, 'claim_malformed'],
    ['an object', { read: true }, 'claim_malformed'],
  ])('%s', (_what, value, expected) => {
    expect(verdictOnClaims(lenient, { scope: value })).toBe(expected);
    expect(verdictOnClaims(lenient, { scp: value })).toBe(expected);
  });

  it('of scope and scp the first counts, and the other is not looked at', () => {
    expect(verdictOnClaims(lenient, { scope: 'read', scp: 1 })).toBe('passed');
    expect(verdictOnClaims(lenient, { scope: null, scp: 'read' })).toBe('claim_malformed');
    expect(verdict(judge(lenient, { claims: goodClaims({ scp: 1 }) }))).toBe('claim_malformed');
  });
});
