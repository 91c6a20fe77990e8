import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/model/policy.js';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import { noRequest } from '../../src/policy/no-request.js';
import { allOf, anyOf, anyScope, claim, scope, where } from '../../src/policy/policies.js';
import { fakeAuth } from '../../src/testing.js';

const untyped = <T>(value: unknown) => value as T;
const empty = (kind: 'allOf' | 'anyOf') => untyped<Policy>({ kind, policies: [] });
const throws = where('weather', () => {
  throw new Error('broken');
});

describe('details of policy refusals for operators', () => {
  const auth = fakeAuth({ scopes: ['x', 'y'] });
  const found = '"x y"';

  it.each<[string, Policy, Readonly<Record<string, string>>]>([
    ['scope', scope('read', 'write'), { expected: 'all of the scopes: read write', found }],
    ['anyScope', anyScope('read', 'write'), { expected: 'one of the scopes: read write', found }],
    ['claim, without its value', claim('tenant', 'hush'), { expected: 'the claim tenant to have the required value' }],
    ['where', where('weather', () => false), { expected: 'the condition weather to return true' }],
    ['where that throws', throws, { expected: 'the condition weather not to throw' }],
    [
      'allOf: the first that is not satisfied',
      allOf(scope('x'), claim('a', 1)),
      { expected: 'the claim a to have the required value' },
    ],
    [
      'anyOf: the first one',
      anyOf(claim('a', 1), claim('b', 1)),
      { expected: 'the claim a to have the required value' },
    ],
    ['allOf without policies', empty('allOf'), { expected: 'at least one policy in allOf' }],
    ['anyOf without policies', empty('anyOf'), { expected: 'at least one policy in anyOf' }],
    ['an unknown kind', untyped<Policy>({ kind: 'unknown' }), { expected: 'a policy of a known kind' }],
  ])('the refusal detail of a policy: %s', async (_what, policy, detail) => {
    expect((await evaluatePolicy(policy, auth, noRequest))?.detail).toEqual(detail);
    expect(await evaluatePolicy(scope('x', 'y'), auth, noRequest)).toBeUndefined();
  });

  it('the refusal of a condition that reads noRequest has the reason as its cause', async () => {
    const reads = where('method', (_auth, { method }) => method === 'GET');
    const cause = new TypeError('this condition reads the request, but the token was validated without a request');
    expect(await evaluatePolicy(reads, auth, noRequest)).toMatchObject({ fields: { cause } });
  });
});

describe('errors for invalid policies', () => {
  it.each<[string, () => unknown]>([
    ['scope: needs at least one scope', () => scope()],
    ['anyScope: needs at least one scope', () => anyScope(' ')],
    ['scope: "a\\"b" is not a scope (RFC 6749 section 3.3)', () => scope('read', 'a"b')],
    ['anyScope: a value of type number is not a scope (RFC 6749 section 3.3)', () => anyScope(untyped<string>(7))],
    ['claim: needs the name of a claim as a non-empty string', () => claim('', 1)],
    ['claim: needs the name of a claim as a non-empty string', () => claim(untyped<string>(7), 1)],
    [
      'claim: needs a string, a number or a boolean as value; found a value of type object',
      () => claim('a', untyped<string>({})),
    ],
    ['where: needs a name as a non-empty string', () => where('', () => true)],
    ['where: needs a name as a non-empty string', () => where(untyped<string>(7), () => true)],
    ['where: needs a function as condition', () => where('a', untyped<() => boolean>(true))],
    ['allOf: needs at least one policy', () => allOf()],
    ['anyOf: needs at least one policy', () => anyOf()],
    [
      'allOf: must be a policy; make one with scope(), anyScope(), claim(), where() …',
      () => allOf(untyped<Policy>('read')),
    ],
    [
      'anyOf: must be a policy; make one with scope(), anyScope(), claim(), where() …',
      () => anyOf(untyped<Policy>({ kind: ['scope'], scopes: ['read'] })),
    ],
  ])('the ConfigurationError of an invalid policy is: %s', (message, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', message }) as Error);
  });
});
