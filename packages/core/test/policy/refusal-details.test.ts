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

describe('an operator reads what a policy asked for', () => {
  const auth = fakeAuth({ scopes: ['x', 'y'] });
  const found = '"x y"';

  it.each<[string, Policy, Readonly<Record<string, string>>]>([
    ['scope', scope('read', 'write'), { expected: 'scope: all of read write', found }],
    ['anyScope', anyScope('read', 'write'), { expected: 'scope: one of read write', found }],
    ['claim, and not its value', claim('tenant', 'hush'), { expected: 'the claim tenant to allow this' }],
    ['where', where('weather', () => false), { expected: 'the condition weather to hold' }],
    ['where that throws', throws, { expected: 'the condition weather not to throw' }],
    ['allOf: its first that failed', allOf(scope('x'), claim('a', 1)), { expected: 'the claim a to allow this' }],
    ['anyOf: its first', anyOf(claim('a', 1), claim('b', 1)), { expected: 'the claim a to allow this' }],
    ['allOf of nothing', empty('allOf'), { expected: 'a policy in allOf' }],
    ['anyOf of nothing', empty('anyOf'), { expected: 'a policy in anyOf' }],
    ['an unknown kind', untyped<Policy>({ kind: 'stepUp' }), { expected: 'a policy of a known kind' }],
  ])('%s', async (_what, policy, detail) => {
    expect((await evaluatePolicy(policy, auth, noRequest))?.detail).toEqual(detail);
    expect(await evaluatePolicy(scope('x', 'y'), auth, noRequest)).toBeUndefined();
  });

  it('a condition that reads the request where there is none reads why it failed', async () => {
    const reads = where('method', (_auth, { method }) => method === 'GET');
    const cause = new TypeError('this condition reads the request, and the token was judged without one');
    expect(await evaluatePolicy(reads, auth, noRequest)).toMatchObject({ fields: { cause } });
  });
});

describe('who writes a policy that is none reads which function, and why', () => {
  it.each<[string, () => unknown]>([
    ['scope: needs at least one scope', () => scope()],
    ['anyScope: needs at least one scope', () => anyScope(' ')],
    ['scope: "a\\"b" is not a scope (RFC 6749 section 3.3)', () => scope('read', 'a"b')],
    ['anyScope: a value of type number is not a scope (RFC 6749 section 3.3)', () => anyScope(untyped<string>(7))],
    ['claim: needs the name of a claim', () => claim('', 1)],
    ['claim: needs the name of a claim', () => claim(untyped<string>(7), 1)],
    ['claim: compares with a string, a number or a boolean', () => claim('a', untyped<string>({}))],
    ['where: needs a name', () => where('', () => true)],
    ['where: needs a name', () => where(untyped<string>(7), () => true)],
    ['where: needs a function', () => where('a', untyped<() => boolean>(true))],
    ['allOf: needs at least one policy', () => allOf()],
    ['anyOf: needs at least one policy', () => anyOf()],
    [
      'allOf: is not a policy; make one with scope(), anyScope(), claim(), where() …',
      () => allOf(untyped<Policy>('read')),
    ],
    [
      'anyOf: is not a policy; make one with scope(), anyScope(), claim(), where() …',
      () => anyOf(untyped<Policy>({ kind: ['scope'], scopes: ['read'] })),
    ],
  ])('%s', (message, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', message }) as Error);
  });
});
