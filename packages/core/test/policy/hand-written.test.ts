import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { Policy } from '../../src/model/policy.js';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import { noRequest } from '../../src/policy/no-request.js';
import { allOf, anyOf, assertPolicy, claim, scope, where } from '../../src/policy/policies.js';
import { fakeAuth } from '../../src/testing.js';

const handWritten = (policy: unknown) => policy as Policy;

describe('hand-written policies', () => {
  it.each([
    ['scopes that are not an array', { kind: 'scope', scopes: 'read' }],
    ['no scopes', { kind: 'scope', scopes: [] }],
    ['a sparse array without scopes', { kind: 'scope', scopes: new Array(1) }],
    ['a sparse array of scopes', { kind: 'anyScope', scopes: Object.assign(new Array(3), { 0: 'read', 2: 'write' }) }],
    ['a claim without a value', { kind: 'claim', name: 'admin' }],
    ['a claim to compare with an object', { kind: 'claim', name: 'admin', value: {} }],
    ['a sparse array of policies', { kind: 'allOf', policies: new Array(1) }],
  ])('a hand-written policy with %s is refused with a ConfigurationError', (_, policy) => {
    expect(() => assertPolicy('policy', policy)).toThrow(ConfigurationError);
    expect(() => allOf(scope('read'), handWritten(policy))).toThrow(ConfigurationError);
  });

  it('a hand-written policy inside another one is copied, so that later changes have no effect', async () => {
    const member = { kind: 'scope', scopes: ['admin'] };
    const all = allOf(handWritten(member));
    const any = anyOf(handWritten(member));
    member.scopes[0] = 'read';
    member.kind = 'where';
    for (const policy of [all, any]) {
      expect(await evaluatePolicy(policy, fakeAuth({ scopes: ['read'] }), noRequest)).toMatchObject({
        code: 'scope_insufficient',
      });
      expect(await evaluatePolicy(policy, fakeAuth({ scopes: ['admin'] }), noRequest)).toBeUndefined();
    }
  });

  it('nested hand-written policies are copied and frozen at every level', () => {
    const written = {
      kind: 'anyOf',
      policies: [{ kind: 'claim', name: 'a', value: 1 }, scope('read'), where('x', () => true)],
    };
    const { policies } = allOf(handWritten(written)) as { policies: readonly { policies: readonly Policy[] }[] };
    expect(policies[0]?.policies).toEqual([claim('a', 1), scope('read'), expect.objectContaining({ kind: 'where' })]);
    expect(policies[0]?.policies.every((policy) => Object.isFrozen(policy))).toBe(true);
  });
});
