import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { jwtRules } from '../../src/claims/jwt-rules.js';
import { rfc9068Rules } from '../../src/claims/rfc9068-rules.js';
import { VerifiedToken } from '../../src/model/stages.js';
import { lenient, strict, validate } from '../support/claims-verdict.js';
import { goodClaims, signedToken } from '../support/stages.js';
import { passed, verdict } from '../support/verdict.js';

const factsOf = (changes: Readonly<Record<string, unknown>>, settings = strict) =>
  passed(validate(settings, { claims: goodClaims(changes) })).facts;

describe('the facts that validateClaims returns', () => {
  it('validateClaims returns audience, scopes, dates, subject and client of the token', () => {
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

  it('facts that the jwt profile does not require may be undefined', () => {
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

  it('a verified token has frozen facts and the claims of the token', () => {
    const verified = passed(validate(strict, { claims: goodClaims({ scope: 'read' }) }));
    expect(verified).toBeInstanceOf(VerifiedToken);
    for (const part of [verified.facts, verified.facts.audience, verified.facts.scopes, verified.claims]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(verified.claims['sub']).toBe('ada');
  });

  it('a claim named "undefined" does not replace an absent claim', () => {
    const facts = factsOf({ client_id: undefined, undefined: 'admin' }, lenient);
    expect([facts.clientId, facts.scopes]).toEqual([undefined, []]);
    expect(factsOf({ client_id: 'web', scope: 'read' }, lenient)).toMatchObject({ clientId: 'web', scopes: ['read'] });
  });

  it('inspect and JSON of a verified token contain neither claims nor the token', () => {
    const verified = passed(validate(strict, { claims: goodClaims({ email: 'hush' }) }));
    expect(inspect(verified, { depth: 9 }) + JSON.stringify(verified)).not.toMatch(/hush|the\.bearer\.token/);
  });
});

describe('scopes, from the first scope claim that is present', () => {
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
  ])('the scopes of %j are %j', (changes, scopes) => {
    expect(factsOf(changes, lenient).scopes).toEqual(scopes);
  });

  it('scopeClaims names the claims for scopes, and their order counts', () => {
    const custom = { ...lenient, scopeClaims: ['permissions', 'scope'] };
    expect(factsOf({ permissions: ['a:b'], scope: 'read' }, custom).scopes).toEqual(['a:b']);
    expect(factsOf({ scope: 'read', scp: 'admin' }, custom).scopes).toEqual(['read']);
    expect(factsOf({ scp: 'admin' }, custom).scopes).toEqual([]);
    expect(factsOf({}, { ...lenient, scopeClaims: ['constructor', '__proto__'] }).scopes).toEqual([]);
  });
});

describe('the order of the claim rules (D-10)', () => {
  it.each([
    ['strict', strict],
    ['lenient', lenient],
  ])('the %s profile checks the type first and the audience last (D-10)', (_name, settings) => {
    const worst = { aud: 'https://other.test', scope: 1, sub: 1, exp: 'x' };
    const withHeader = (typ: string, claims: Readonly<Record<string, unknown>>, header = {}) =>
      verdict(validate(settings, { header: { alg: 'Ed25519', typ, ...header }, claims: goodClaims(claims) }));
    expect(withHeader('dpop+jwt', worst)).toBe('type_refused');
    expect(withHeader('at+jwt', { ...worst, exp: undefined })).toBe('claim_missing');
    expect(withHeader('at+jwt', worst)).toBe('claim_malformed');
    expect(withHeader('at+jwt', { ...worst, exp: 2000, sub: 'x', scope: 'read' })).toBe('audience_mismatch');
    expect(withHeader('at+jwt', {})).toBe('passed');
  });

  it('each claim rule has a name and an RFC section, and accepts a good token', () => {
    for (const [settings, rules] of [[strict, rfc9068Rules] as const, [lenient, jwtRules] as const]) {
      for (const rule of rules) {
        expect(rule.name).not.toBe('');
        expect(rule.reference).toMatch(/^RFC \d+ section \d/);
        expect(rule.refuse(signedToken(), settings)).toBeUndefined();
      }
    }
  });
});
