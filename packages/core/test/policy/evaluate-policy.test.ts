import { describe, expect, it } from 'vitest';
import type { AccessTokenClaims, Auth } from '../../src/model/auth.js';
import type { Policy } from '../../src/model/policy.js';
import { evaluatePolicy, looksAtRequest, neededScopes } from '../../src/policy/evaluate-policy.js';
import { noRequest } from '../../src/policy/no-request.js';
import { allOf, anyOf, anyScope, claim, scope, where } from '../../src/policy/policies.js';
import { fakeAuth } from '../../src/testing.js';
import { jsonObject } from '../support/json-object.js';
import { verdict } from '../support/verdict.js';

interface Rights {
  readonly scopes?: readonly string[];
  /** JSON text or an object. */
  readonly claims?: string | Readonly<Record<string, unknown>>;
}

const authWith = ({ scopes = [], claims = {} }: Rights) =>
  fakeAuth({ scopes, claims: jsonObject(claims) as unknown as AccessTokenClaims });
const ask = async (policy: Policy, rights: Rights = {}) =>
  verdict(await evaluatePolicy(policy, authWith(rights), noRequest));
const untyped = (value: unknown) => value as Policy;
const throws = where('throws', () => {
  throw new Error('broken');
});

describe('scope policies (RFC 6750 section 3.1)', () => {
  it.each([
    [['read'], 'passed'],
    [['write', 'read'], 'passed'],
    [[], 'scope_insufficient'],
    [['Read'], 'scope_insufficient'],
    [['read:all'], 'scope_insufficient'],
    [['unread'], 'scope_insufficient'],
    [['rea'], 'scope_insufficient'],
    [['read write'], 'scope_insufficient'],
    [['*'], 'scope_insufficient'],
    [['has', 'constructor', '__proto__'], 'scope_insufficient'],
  ])('a scope policy for read with the scopes %j: %s', async (scopes, expected) => {
    expect(await ask(scope('read'), { scopes })).toBe(expected);
    expect(await ask(anyScope('read'), { scopes })).toBe(expected);
  });

  it('scope requires all of its scopes, anyScope one of them', async () => {
    expect(await ask(scope('a', 'b'), { scopes: ['a'] })).toBe('scope_insufficient');
    expect(await ask(scope('a', 'b'), { scopes: ['b', 'a'] })).toBe('passed');
    expect(await ask(anyScope('a', 'b'), { scopes: ['b'] })).toBe('passed');
    expect(await ask(anyScope('a', 'b'), { scopes: ['c'] })).toBe('scope_insufficient');
  });
});

describe('claim policies', () => {
  it.each([
    ['"acme"', 'acme', 'passed'],
    ['["x","acme"]', 'acme', 'passed'],
    ['1', 1, 'passed'],
    ['[0,1]', 1, 'passed'],
    ['false', false, 'passed'],
    ['"Acme"', 'acme', 'claim_insufficient'],
    ['"acme "', 'acme', 'claim_insufficient'],
    ['"x acme"', 'acme', 'claim_insufficient'],
    ['"1"', 1, 'claim_insufficient'],
    ['1', '1', 'claim_insufficient'],
    ['1', true, 'claim_insufficient'],
    ['"true"', true, 'claim_insufficient'],
    ['[["acme"]]', 'acme', 'claim_insufficient'],
    ['{"acme":true}', 'acme', 'claim_insufficient'],
    ['null', 'acme', 'claim_insufficient'],
    ['[]', 'acme', 'claim_insufficient'],
    ['""', false, 'claim_insufficient'],
  ])('a claim policy with the claim %s and the expected value %j: %s', async (text, value, expected) => {
    expect(await ask(claim('tenant', value), { claims: `{"tenant":${text}}` })).toBe(expected);
  });

  it('a claim policy is not satisfied by an absent claim, for every name', async () => {
    for (const name of ['tenant', 'constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(await ask(claim(name, 'x'))).toBe('claim_insufficient');
    }
  });

  it('a claim policy reads own properties only, also of claims that a schema returned', async () => {
    const claims = Object.create({ admin: true }) as AccessTokenClaims;
    for (const policy of [claim('admin', true), claim('constructor', 'x')]) {
      expect(verdict(await evaluatePolicy(policy, fakeAuth({ claims }), noRequest))).toBe('claim_insufficient');
    }
    const named = jsonObject('{"__proto__":"x"}') as unknown as AccessTokenClaims;
    expect(verdict(await evaluatePolicy(claim('__proto__', 'x'), fakeAuth({ claims: named }), noRequest))).toBe(
      'passed',
    );
  });

  it.each([null, undefined, 'admin', 1])('a claim policy is not satisfied by claims that are %j', async (claims) => {
    const auth = { claims } as unknown as Auth<unknown>;
    expect(verdict(await evaluatePolicy(claim('length', 5), auth, noRequest))).toBe('claim_insufficient');
  });
});

describe('where policies', () => {
  it.each([1, 'true', {}, [], [true], () => true, false, 0, '', null, undefined, Number.NaN])(
    'a where policy is not satisfied by the result %s',
    async (answer) => {
      expect(await ask(where('w', () => answer as boolean))).toBe('claim_insufficient');
      expect(await ask(where('w', async () => answer as boolean))).toBe('claim_insufficient');
    },
  );

  it('a where policy is satisfied by true, also by a promise of true', async () => {
    expect(await ask(where('w', () => true))).toBe('passed');
    expect(await ask(where('w', async () => true))).toBe('passed');
  });

  it('a where policy gets the auth and the request', async () => {
    const auth = fakeAuth({ subject: 'ada' });
    const request = { method: 'PUT', url: '/r', rawHeaders: [] };
    const seen: unknown[] = [];
    const policy = where('w', (...both) => seen.push(...both) > 0);
    expect(await evaluatePolicy(policy, auth, request)).toBeUndefined();
    expect(seen).toEqual([auth, request]);
  });

  it.each([
    ['an Error', new Error('broken')],
    ['a string', 'broken'],
    ['undefined', undefined],
    ['null', null],
  ])(
    'a where policy that throws or rejects with %s is our own fault, kept as the cause (D-09)',
    async (_what, thrown) => {
      const throwing = where('w', () => {
        throw thrown;
      });
      for (const policy of [throwing, where('w', () => Promise.reject(thrown))]) {
        const refusal = await evaluatePolicy(policy, authWith({}), noRequest);
        expect(refusal?.code).toBe('callback_failed');
        expect(refusal?.fields).toHaveProperty('cause', thrown);
      }
    },
  );
});

describe('allOf and anyOf', () => {
  it('allOf requires every policy, in order, and stops at the first one that is not satisfied', async () => {
    const rights = { scopes: ['a'], claims: { t: 1 } };
    expect(await ask(allOf(scope('a'), claim('t', 1)), rights)).toBe('passed');
    expect(await ask(allOf(scope('a'), claim('t', 2), throws), rights)).toBe('claim_insufficient');
    expect(await ask(allOf(scope('b'), claim('t', 2)), rights)).toBe('scope_insufficient');
    expect(await ask(allOf(throws, scope('b')), rights)).toBe('callback_failed');
  });

  it('anyOf requires one policy; if none is satisfied, the refusal is the one of the first', async () => {
    const rights = { scopes: ['a'], claims: { t: 1 } };
    expect(await ask(anyOf(scope('b'), claim('t', 1)), rights)).toBe('passed');
    expect(await ask(anyOf(scope('b'), claim('t', 2)), rights)).toBe('scope_insufficient');
    expect(await ask(anyOf(claim('t', 2), scope('b')), rights)).toBe('claim_insufficient');
  });

  it('a callback that throws in anyOf is our own fault, even before a satisfied policy (D-09)', async () => {
    expect(await ask(anyOf(throws, scope('a')), { scopes: ['a'] })).toBe('callback_failed');
    expect(await ask(anyOf(scope('b'), allOf(throws), scope('a')), { scopes: ['a'] })).toBe('callback_failed');
    expect(await ask(anyOf(scope('a'), throws), { scopes: ['a'] })).toBe('passed');
  });

  it('allOf and anyOf can be nested', async () => {
    const policy = allOf(anyOf(scope('a'), scope('b')), anyOf(claim('t', 1), allOf(scope('c'), scope('d'))));
    expect(await ask(policy, { scopes: ['b', 'c', 'd'] })).toBe('passed');
    expect(await ask(policy, { scopes: ['b', 'c'] })).toBe('claim_insufficient');
    expect(await ask(policy, { scopes: ['c', 'd'] })).toBe('scope_insufficient');
  });
});

describe('invalid policies', () => {
  const rights = { scopes: ['read', 'undefined', ''], claims: { kind: 'x' } };

  it.each([
    ['an unknown kind', { kind: 'unknown' }, 'internal_failure'],
    ['no kind', {}, 'internal_failure'],
    ['a kind out of Object.prototype', { kind: 'toString' }, 'internal_failure'],
    ['scope without scopes', { kind: 'scope', scopes: [] }, 'scope_insufficient'],
    ['anyScope without scopes', { kind: 'anyScope', scopes: [] }, 'scope_insufficient'],
    ['allOf without policies', { kind: 'allOf', policies: [] }, 'internal_failure'],
    ['anyOf without policies', { kind: 'anyOf', policies: [] }, 'internal_failure'],
    ['allOf around an unknown kind', { kind: 'allOf', policies: [scope('read'), { kind: 'x' }] }, 'internal_failure'],
    ['anyOf around an unknown kind', { kind: 'anyOf', policies: [{ kind: 'x' }, scope('read')] }, 'internal_failure'],
  ])('an invalid policy is not satisfied: %s', async (_what, policy, expected) => {
    expect(await ask(untyped(policy), rights)).toBe(expected);
    expect(await ask(scope('read'), rights)).toBe('passed');
  });
});

describe('neededScopes, the scopes for the challenge (D-07)', () => {
  it.each([
    ['scope', scope('a', 'b'), ['a', 'b']],
    ['anyScope', anyScope('a', 'b'), ['a', 'b']],
    ['claim', claim('a', 1), []],
    ['where', throws, []],
    ['allOf: all, each once', allOf(scope('a', 'b'), claim('t', 1), scope('b', 'c')), ['a', 'b', 'c']],
    ['anyOf: those of the first', anyOf(scope('a'), scope('b')), ['a']],
    ['anyOf whose first needs none', anyOf(claim('t', 1), scope('b')), []],
    ['nested', allOf(anyOf(allOf(scope('a'), scope('b')), scope('x')), scope('c')), ['a', 'b', 'c']],
    ['an unknown kind', untyped({ kind: 'x', scopes: ['a'] }), []],
  ])('the needed scopes of a policy: %s (D-07)', (_what, policy, scopes) => {
    expect(neededScopes(policy)).toEqual(scopes);
  });
});

describe('looksAtRequest', () => {
  it.each([
    ['scope', scope('a'), false],
    ['anyScope', anyScope('a'), false],
    ['claim', claim('t', 1), false],
    ['where', throws, true],
    ['allOf without where', allOf(scope('a'), claim('t', 1)), false],
    ['allOf with where, first', allOf(throws, scope('a')), true],
    ['allOf with where, last', allOf(scope('a'), throws), true],
    ['anyOf without where', anyOf(anyScope('a'), claim('t', 1)), false],
    ['anyOf with where, last', anyOf(scope('a'), throws), true],
    ['a nested where', allOf(scope('a'), anyOf(scope('b'), allOf(claim('t', 1), throws))), true],
    ['an unknown kind', untyped({ kind: 'x' }), true],
  ])('whether a policy reads the request: %s', (_what, policy, expected) => {
    expect(looksAtRequest(policy)).toBe(expected);
  });
});
