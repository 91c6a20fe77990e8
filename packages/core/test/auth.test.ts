import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type AuthSettings, makeAuth } from '../src/auth.js';
import { Auth } from '../src/model/auth.js';
import { confirmedToken, goodClaims } from './support/stages.js';
import { passed } from './support/verdict.js';

const plain: AuthSettings<unknown> = { schema: undefined, scopeImplies: new Map() };
const authOf = async (settings = plain, parts = {}) => passed(await makeAuth(confirmedToken(parts), settings));

describe('makeAuth, which builds auth from a confirmed token', () => {
  it('auth has the issuer, audience, scopes, claims, expiry, subject, client and token of the token', async () => {
    const auth = await authOf(plain, { facts: { scopes: ['read'] } });
    expect(auth).toBeInstanceOf(Auth);
    expect({ ...auth }).toEqual({
      issuer: 'https://issuer.test',
      audience: ['https://api.test'],
      scopes: ['read'],
      scheme: 'Bearer',
      binding: 'none',
      claims: goodClaims(),
      expiresAt: 2000,
      subject: 'ada',
      clientId: 'web',
    });
    expect(auth.token).toBe('the.bearer.token');
  });

  it('auth has an own property with the value undefined for a claim that the token lacks', async () => {
    const auth = await authOf(plain, { facts: { subject: undefined, clientId: undefined } });
    expect([auth.subject, auth.clientId]).toEqual([undefined, undefined]);
    expect(['subject', 'clientId'].every((name) => Object.hasOwn(auth, name))).toBe(true);
    expect(JSON.stringify(auth)).not.toMatch(/subject|clientId/);
  });

  it('auth.claims has own properties only, also for a claim named __proto__', async () => {
    const auth = await authOf(plain, { claims: '{"iss":"https://issuer.test","__proto__":{"admin":true}}' });
    const claims = auth.claims as Readonly<Record<string, unknown>>;
    expect([claims['admin'], claims['constructor'], Object.keys(claims)]).toEqual([
      undefined,
      undefined,
      ['iss', '__proto__'],
    ]);
  });
});

describe('an immutable auth', () => {
  it('auth, its claims and its prototype are deep-frozen', async () => {
    const auth = await authOf(plain, { claims: goodClaims({ roles: [{ name: 'x' }] }) });
    const { roles } = auth.claims as { roles: [object] };
    for (const part of [auth, auth.claims, roles, roles[0], Object.getPrototypeOf(auth)]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it.each(['scopes', 'subject', 'hasScope', 'token', 'admin'])(
    'the property %s of auth cannot be replaced or added',
    async (name) => {
      const auth = await authOf();
      expect(Reflect.set(auth, name, () => true)).toBe(false);
      expect(Reflect.set(Auth.prototype, name, () => true)).toBe(false);
      expect(Reflect.defineProperty(auth, name, { value: 1 })).toBe(false);
    },
  );
});

describe('auth.token, which no serializer shows [RS-9700-4.9.2-a]', () => {
  it.each([
    ['JSON', (auth: Auth<unknown>) => JSON.stringify(auth)],
    ['inspect', (auth: Auth<unknown>) => inspect(auth, { depth: 9 })],
    ['inspect with hidden members', (auth: Auth<unknown>) => inspect(auth, { depth: 9, showHidden: true })],
    ['inspect with getters', (auth: Auth<unknown>) => inspect(auth, { depth: 9, getters: true })],
    ['a spread copy', (auth: Auth<unknown>) => JSON.stringify({ ...auth })],
    ['a structured clone', (auth: Auth<unknown>) => inspect(structuredClone(auth), { depth: 9 })],
    ['Object.entries', (auth: Auth<unknown>) => JSON.stringify(Object.entries(auth))],
    ['String()', (auth: Auth<unknown>) => String(auth)],
  ])('%s of auth does not contain the token', async (_what, serialize) => {
    const auth = await authOf();
    expect(serialize(auth)).not.toContain('the.bearer.token');
    expect(auth.token).toBe('the.bearer.token');
  });

  it('for-in over auth does not enumerate the token', async () => {
    const auth = await authOf();
    const names: string[] = [];
    for (const name in auth) names.push(name);
    expect(names).not.toContain('token');
    expect(Object.getOwnPropertyNames(auth)).not.toContain('token');
  });
});

describe('hasScope', () => {
  const implying: AuthSettings<unknown> = {
    schema: undefined,
    scopeImplies: new Map([
      ['admin', new Set(['admin', 'write', 'read'])],
      ['write', new Set(['write', 'read'])],
    ]),
  };

  it('hasScope matches whole scope tokens of the token, case-sensitively', async () => {
    const auth = await authOf(plain, { facts: { scopes: ['read', 'urn:x'] } });
    expect(auth.hasScope('read') && auth.hasScope('urn:x')).toBe(true);
    for (const name of ['Read', 'rea', 'read ', 'read urn:x', '', 'write', 'has', '__proto__', 'constructor']) {
      expect(auth.hasScope(name)).toBe(false);
    }
  });

  it('hasScope is true for implied scopes, and auth.scopes contains only the scopes of the token', async () => {
    const admin = await authOf(implying, { facts: { scopes: ['admin'] } });
    expect(['admin', 'write', 'read'].map((name) => admin.hasScope(name))).toEqual([true, true, true]);
    expect(admin.scopes).toEqual(['admin']);
  });

  it('hasScope follows scopeImplies in one direction, and only from a scope that the token has', async () => {
    const writer = await authOf(implying, { facts: { scopes: ['write'] } });
    expect(['admin', 'write', 'read'].map((name) => writer.hasScope(name))).toEqual([false, true, true]);
    const unscoped = await authOf(implying);
    expect(['admin', 'write', 'read'].map((name) => unscoped.hasScope(name))).toEqual([false, false, false]);
  });
});
