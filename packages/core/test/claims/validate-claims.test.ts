import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { jwtRules } from '../../src/claims/jwt-rules.js';
import { rfc9068Rules } from '../../src/claims/rfc9068-rules.js';
import { VerifiedToken } from '../../src/model/stages.js';
import { judge, lenient, strict } from '../support/claims-verdict.js';
import { goodClaims, signedToken } from '../support/stages.js';
import { passed, verdict } from '../support/verdict.js';

const factsOf = (changes: Readonly<Record<string, unknown>>, settings = strict) =>
  passed(judge(settings, { claims: goodClaims(changes) })).facts;

describe('a token that passed its rules is read once, typed', () => {
  it('all of it', () => {
    expect(factsOf({ nbf: 1200, scope: 'read write' })).toEqual({
      audience: ['https://api.test'],
      scopes: ['read', 'write'],
      expiresAt: 2000,
      notBefore: 1200,
      issuedAt: 1000,
      subject: 'ada',
      clientId: 'web',
    });
  });

  it('what the jwt profile does not require may be undefined', () => {
    const bare = { aud: undefined, sub: undefined, client_id: undefined, iat: undefined, jti: undefined };
    expect(factsOf(bare, { ...lenient, audience: null })).toEqual({
      audience: [],
      scopes: [],
      expiresAt: 2000,
      notBefore: undefined,
      issuedAt: undefined,
      subject: undefined,
      clientId: undefined,
    });
  });

  it('it is frozen, and its claims are those of the token', () => {
    const verified = passed(judge(strict, { claims: goodClaims({ scope: 'read' }) }));
    expect(verified).toBeInstanceOf(VerifiedToken);
    for (const part of [verified.facts, verified.facts.audience, verified.facts.scopes, verified.claims]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(verified.claims['sub']).toBe('ada');
  });

  it('a claim named undefined stands in for none that is absent', () => {
    const facts = factsOf({ client_id: undefined, undefined: 'admin' }, lenient);
    expect([facts.clientId, facts.scopes]).toEqual([undefined, []]);
    expect(factsOf({ client_id: 'web', scope: 'read' }, lenient)).toMatchObject({ clientId: 'web', scopes: ['read'] });
  });

  it('no serializer shows claims or token', () => {
    const verified = passed(judge(strict, { claims: goodClaims({ email: 'hush' }) }));
    expect(inspect(verified, { depth: 9 }) + JSON.stringify(verified)).not.toMatch(/hush|the\.bearer\.token/);
  });
});

describe('scopes are whole words of the first scope claim that is present', () => {
  it.each([
    [{ scope: 'read  write read' }, ['read', 'write']],
    [{ scope: 'read:all unread' }, ['read:all', 'unread']],
    [{ scope: 'read\twrite' }, ['read\twrite']],
    [{ scope: '' }, []],
    [{}, []],
    [{ scp: ['read'] }, ['read']],
    [{ scp: ['read', 'read', 'a b'] }, ['read', 'a b']],
    [{ scope: ['read'] }, ['read']],
    [{ scope: '', scp: 'admin' }, []],
    [{ scope: [], scp: ['admin'] }, []],
    [{ permissions: ['admin'], roles: ['admin'], scopes: 'admin' }, []],
  ])('%j: %j', (changes, scopes) => {
    expect(factsOf(changes, lenient).scopes).toEqual(scopes);
  });

  it('the claims to look at can be chosen, and their order counts', () => {
    const custom = { ...lenient, scopeClaims: ['permissions', 'scope'] };
    expect(factsOf({ permissions: ['a:b'], scope: 'read' }, custom).scopes).toEqual(['a:b']);
    expect(factsOf({ scope: 'read', scp: 'admin' }, custom).scopes).toEqual(['read']);
    expect(factsOf({ scp: 'admin' }, custom).scopes).toEqual([]);
    expect(factsOf({}, { ...lenient, scopeClaims: ['constructor', '__proto__'] }).scopes).toEqual([]);
  });
});

describe('D-10: rules are asked in the order of the table', () => {
  it.each([
    ['strict', strict],
    ['lenient', lenient],
  ])('%s: the type first, the audience last', (_name, settings) => {
    const worst = { aud: 'https://other.test', scope: 1, sub: 1, exp: 'x' };
    const withHeader = (typ: string, claims: Readonly<Record<string, unknown>>, header = {}) =>
      verdict(judge(settings, { header: { alg: 'Ed25519', typ, ...header }, claims: goodClaims(claims) }));
    expect(withHeader('dpop+jwt', worst)).toBe('type_refused');
    expect(withHeader('at+jwt', { ...worst, exp: undefined })).toBe('claim_missing');
    expect(withHeader('at+jwt', worst)).toBe('claim_malformed');
    expect(withHeader('at+jwt', { ...worst, exp: 2000, sub: 'x', scope: 'read' })).toBe('audience_mismatch');
    expect(withHeader('at+jwt', {})).toBe('passed');
  });

  it('each rule has a name and says where it is written, and none refuses a good token', () => {
    for (const [settings, rules] of [[strict, rfc9068Rules] as const, [lenient, jwtRules] as const]) {
      for (const rule of rules) {
        expect(rule.name).not.toBe('');
        expect(rule.reference).toMatch(/^RFC \d+ section \d/);
        expect(rule.refuse(signedToken(), settings)).toBeUndefined();
      }
    }
  });
});
