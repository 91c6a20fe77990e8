import { describe, expect, it } from 'vitest';
import { Auth } from '../src/model/auth.js';
import { fakeAuth } from '../src/testing.js';

describe('fakeAuth', () => {
  it('is somebody, without a word said', () => {
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

  it('is who the test says', () => {
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

  it('its claims say the same under their wire names', () => {
    expect(fakeAuth({ subject: 'ada', scopes: ['read', 'write'], expiresAt: 5 }).claims).toEqual({
      iss: 'https://issuer.test',
      sub: 'ada',
      client_id: 'client-1',
      aud: ['https://api.test'],
      exp: 5,
      scope: 'read write',
    });
  });

  it('claims that are given are the claims', () => {
    expect(fakeAuth({ claims: { tenant: 'acme' } }).claims).toEqual({ tenant: 'acme' });
  });

  it('has the scopes that are named and no other', () => {
    const auth = fakeAuth({ scopes: ['read'] });
    expect([auth.hasScope('read'), auth.hasScope('write')]).toEqual([true, false]);
    expect(fakeAuth().hasScope('read')).toBe(false);
  });

  it('is frozen as the real one is, and shares no list with the test', () => {
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
