import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type AuthSettings, makeAuth } from '../src/auth.js';
import { Auth } from '../src/model/auth.js';
import { confirmedToken, goodClaims } from './support/stages.js';
import { passed } from './support/verdict.js';

const plain: AuthSettings<unknown> = { schema: undefined, scopeImplies: new Map() };
const authOf = async (settings = plain, parts = {}) => passed(await makeAuth(confirmedToken(parts), settings));

describe('a confirmed token becomes what handlers get', () => {
  it('all of it', async () => {
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

  it('a claim that the token lacks is an own property of auth whose value is undefined', async () => {
    const auth = await authOf(plain, { facts: { subject: undefined, clientId: undefined } });
    expect([auth.subject, auth.clientId]).toEqual([undefined, undefined]);
    expect(['subject', 'clientId'].every((name) => Object.hasOwn(auth, name))).toBe(true);
    expect(JSON.stringify(auth)).not.toMatch(/subject|clientId/);
  });

  it('claims are data under every name', async () => {
    const auth = await authOf(plain, { claims: '{"iss":"https://issuer.test","__proto__":{"admin":true}}' });
    const claims = auth.claims as Readonly<Record<string, unknown>>;
    expect([claims['admin'], claims['constructor'], Object.keys(claims)]).toEqual([
      undefined,
      undefined,
      ['iss', '__proto__'],
    ]);
  });
});

describe('what was admitted cannot be changed', () => {
  it('it is frozen all the way down, its prototype too', async () => {
    const auth = await authOf(plain, { claims: goodClaims({ roles: [{ name: 'x' }] }) });
    const { roles } = auth.claims as { roles: [object] };
    for (const part of [auth, auth.claims, roles, roles[0], Object.getPrototypeOf(auth)]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it.each(['scopes', 'subject', 'hasScope', 'token', 'admin'])('%s can be neither replaced nor added', async (name) => {
    const auth = await authOf();
    expect(Reflect.set(auth, name, () => true)).toBe(false);
    expect(Reflect.set(Auth.prototype, name, () => true)).toBe(false);
    expect(Reflect.defineProperty(auth, name, { value: 1 })).toBe(false);
  });
});

describe('[RS-9700-4.9.2-a] the token is there for whoever asks for it, and in no log', () => {
  it.each([
    ['JSON', (auth: Auth<unknown>) => JSON.stringify(auth)],
    ['inspect', (auth: Auth<unknown>) => inspect(auth, { depth: 9 })],
    ['inspect with hidden members', (auth: Auth<unknown>) => inspect(auth, { depth: 9, showHidden: true })],
    ['inspect with getters', (auth: Auth<unknown>) => inspect(auth, { depth: 9, getters: true })],
    ['a copy', (auth: Auth<unknown>) => JSON.stringify({ ...auth })],
    ['a clone', (auth: Auth<unknown>) => inspect(structuredClone(auth), { depth: 9 })],
    ['its entries', (auth: Auth<unknown>) => JSON.stringify(Object.entries(auth))],
    ['text', (auth: Auth<unknown>) => String(auth)],
  ])('%s', async (_what, serialize) => {
    const auth = await authOf();
    expect(serialize(auth)).not.toContain('the.bearer.token');
    expect(auth.token).toBe('the.bearer.token');
  });

  it('no loop finds it', async () => {
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

  it('knows the scopes of the token, by whole words in their own case', async () => {
    const auth = await authOf(plain, { facts: { scopes: ['read', 'urn:x'] } });
    expect(auth.hasScope('read') && auth.hasScope('urn:x')).toBe(true);
    for (const name of ['Read', 'rea', 'read ', 'read urn:x', '', 'write', 'has', '__proto__', 'constructor']) {
      expect(auth.hasScope(name)).toBe(false);
    }
  });

  it('knows what they imply, and scopes stays what the token says', async () => {
    const admin = await authOf(implying, { facts: { scopes: ['admin'] } });
    expect(['admin', 'write', 'read'].map((name) => admin.hasScope(name))).toEqual([true, true, true]);
    expect(admin.scopes).toEqual(['admin']);
  });

  it('implies in one direction, and nothing without the scope itself', async () => {
    const writer = await authOf(implying, { facts: { scopes: ['write'] } });
    expect(['admin', 'write', 'read'].map((name) => writer.hasScope(name))).toEqual([false, true, true]);
    const nobody = await authOf(implying);
    expect(['admin', 'write', 'read'].map((name) => nobody.hasScope(name))).toEqual([false, false, false]);
  });
});
