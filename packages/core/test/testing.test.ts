import { describe, expect, it } from 'vitest';
import { Auth } from '../src/model/auth.js';
import { fakeAuth } from '../src/testing.js';

describe('fakeAuth', () => {
  it('fakeAuth without arguments is an authenticated user without scopes', () => {
    const auth = fakeAuth();
    expect(auth).toBeInstanceOf(Auth);
    expect(auth).toMatchObject({
      subject: 'user-1',
      clientId: 'client-1',
      issuer: 'https://issuer.test',
      audience: ['https://api.test'],
      scopes: [],
      scheme: 'Bearer',
      binding: 'none',
    });
    expect(auth.expiresAt).toBeGreaterThan(Date.now() / 1000);
  });

  it('fakeAuth takes subject, scopes, issuer, audience, client and expiry from its argument', () => {
    const fields = {
      subject: 'ada',
      scopes: ['read'],
      issuer: 'https://i',
      audience: 'a',
      clientId: 'c',
      expiresAt: 5,
    };
    expect(fakeAuth(fields)).toMatchObject({ ...fields, audience: ['a'] });
  });

  it('the claims of fakeAuth contain its fields under their wire names', () => {
    expect(fakeAuth({ subject: 'ada', scopes: ['read', 'write'], expiresAt: 5 }).claims).toEqual({
      iss: 'https://issuer.test',
      sub: 'ada',
      client_id: 'client-1',
      aud: ['https://api.test'],
      exp: 5,
      scope: 'read write',
    });
  });

  it('claims given to fakeAuth replace the generated claims', () => {
    expect(fakeAuth({ claims: { tenant: 'acme' } }).claims).toEqual({ tenant: 'acme' });
  });

  it('fakeAuth has only the scopes that are given', () => {
    const auth = fakeAuth({ scopes: ['read'] });
    expect([auth.hasScope('read'), auth.hasScope('write')]).toEqual([true, false]);
    expect(fakeAuth().hasScope('read')).toBe(false);
  });

  it('fakeAuth is deep-frozen as a real auth, and copies the arrays of the test', () => {
    const scopes = ['read'];
    const audience = ['a'];
    const auth = fakeAuth({ scopes, audience, claims: { roles: ['x'] } });
    scopes.push('write');
    audience.push('b');
    expect([auth.scopes, auth.audience, auth.hasScope('write')]).toEqual([['read'], ['a'], false]);
    for (const part of [auth, auth.scopes, auth.audience, auth.claims, auth.claims.roles]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});
