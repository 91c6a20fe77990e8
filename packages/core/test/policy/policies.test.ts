import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { Policy } from '../../src/model/policy.js';
import { allOf, anyOf, anyScope, assertPolicy, claim, scope, where } from '../../src/policy/policies.js';

/** A value as a caller without types may pass it. */
const untyped = <T>(value: unknown) => value as T;

describe.each([
  ['scope', scope],
  ['anyScope', anyScope],
] as const)('%s(…)', (kind, make) => {
  it('a scope policy takes names as arguments, as an array, or separated by spaces', () => {
    const expected = { kind, scopes: ['read', 'write'] };
    expect(make('read', 'write')).toEqual(expected);
    expect(make(['read', 'write'])).toEqual(expected);
    expect(make('read write')).toEqual(expected);
    expect(make([' read  write '])).toEqual(expected);
    expect(make('read', 'write', 'read')).toEqual(expected);
  });

  it('a scope policy keeps the order and every character that a scope may contain', () => {
    expect(make('b', 'a', 'urn:x:y', 'https://api.test/read', "!#'[]~")).toMatchObject({
      scopes: ['b', 'a', 'urn:x:y', 'https://api.test/read', "!#'[]~"],
    });
  });

  it.each([[[]], [[[]]], [['']], [['  ']], [[['', ' ']]]])(
    `${kind}() throws a ConfigurationError for %j, a list without scopes [RS-2.1-1.4-a]`,
    (names) => {
      expect(() => make(...untyped<string[]>(names))).toThrow(ConfigurationError);
    },
  );

  it.each([
    ['a quote', 'a"b'],
    ['a backslash', 'a\\b'],
    ['a letter outside ASCII', 'ü'],
    ['a tab', 'a\tb'],
    ['a line break', 'a\r\nSet-Cookie: b=c'],
    ['a NUL', 'a\0'],
    ['DEL', 'a\u007f'],
    ['undefined', undefined],
    ['null', null],
    ['a number', 1],
    ['an object', {}],
  ])(
    `${kind}() throws a ConfigurationError for a scope that is or contains %s (RFC 6749 section 3.3)`,
    (_what, name) => {
      expect(() => make(untyped<string>(name))).toThrow(ConfigurationError);
      expect(() => make('read', untyped<string>(name))).toThrow(ConfigurationError);
      expect(() => make('read')).not.toThrow();
    },
  );

  it('a scope policy is frozen, and later changes of the arguments have no effect', () => {
    const names = ['read'];
    const policy = make(names);
    names.push('write');
    expect(policy).toEqual({ kind, scopes: ['read'] });
    expect(Object.isFrozen(policy) && Object.isFrozen((policy as { scopes: unknown }).scopes)).toBe(true);
  });
});

describe('claim and where', () => {
  it('a claim policy compares with a string, a number or a boolean', () => {
    expect(claim('tenant', 'acme')).toEqual({ kind: 'claim', name: 'tenant', value: 'acme' });
    expect(claim('level', 0)).toMatchObject({ value: 0 });
    expect(claim('email_verified', false)).toMatchObject({ value: false });
  });

  it.each([
    ['an empty name', '', 'x'],
    ['a name that is a number', 1, 'x'],
    ['an undefined value', 'a', undefined],
    ['the value null', 'a', null],
    ['a list as value', 'a', ['x']],
    ['an object as value', 'a', {}],
    ['a function as value', 'a', () => true],
  ])('claim() throws a ConfigurationError for %s', (_what, name, value) => {
    expect(() => claim(untyped<string>(name), untyped<string>(value))).toThrow(ConfigurationError);
  });

  it.each([
    ['an empty name', '', () => true],
    ['a function instead of the name', () => true, undefined],
    ['an undefined condition', 'a', undefined],
    ['true instead of a condition', 'a', true],
  ])('where() throws a ConfigurationError for %s', (_what, name, condition) => {
    expect(() => where(untyped<string>(name), untyped<() => boolean>(condition))).toThrow(ConfigurationError);
    expect(where('a', () => true)).toMatchObject({ kind: 'where', name: 'a' });
  });

  it('claim and where policies are frozen', () => {
    expect(Object.isFrozen(claim('a', 1)) && Object.isFrozen(where('a', () => true))).toBe(true);
  });
});

describe.each([
  ['allOf', allOf],
  ['anyOf', anyOf],
] as const)('%s(…)', (kind, make) => {
  it('a combined policy contains its policies in order and is frozen', () => {
    const policies = [scope('read'), claim('a', 1)];
    const policy = make(...policies);
    policies.pop();
    expect(policy).toEqual({ kind, policies: [scope('read'), claim('a', 1)] });
    expect(Object.isFrozen(policy) && Object.isFrozen((policy as { policies: unknown }).policies)).toBe(true);
  });

  it(`${kind}() throws a ConfigurationError if it gets no policies`, () => {
    expect(() => make()).toThrow(ConfigurationError);
  });

  it.each([
    ['a string', 'read'],
    ['undefined', undefined],
    ['a function', () => true],
    ['a list', [scope('read')]],
    ['an unknown kind', { kind: 'unknown' }],
    ['a kind that is a member of Object.prototype', { kind: 'constructor' }],
    ['an array as kind', { kind: ['scope'], scopes: ['read'] }],
    ['a policy without a kind', { scopes: ['read'] }],
    ['a scope policy without scopes', { kind: 'scope', scopes: [] }],
    ['a scope policy with a string', { kind: 'scope', scopes: 'read' }],
    ['an invalid scope', { kind: 'anyScope', scopes: ['a"b'] }],
    ['an invalid scope after a valid one', { kind: 'anyScope', scopes: ['read', 'a"b'] }],
    ['an invalid scope after a valid one, of kind scope', { kind: 'scope', scopes: ['read', 'a"b'] }],
    ['a where policy without a function', { kind: 'where', name: 'a' }],
    ['a claim policy without a name', { kind: 'claim', value: 1 }],
    ['an allOf without policies', { kind: 'allOf', policies: [] }],
    [
      'an anyOf with an invalid policy at depth 2',
      { kind: 'anyOf', policies: [{ kind: 'allOf', policies: [{ kind: 'x' }] }] },
    ],
  ])(`${kind}() throws a ConfigurationError for %s, and assertPolicy names the option`, (_what, value) => {
    expect(() => make(scope('read'), untyped<Policy>(value))).toThrow(ConfigurationError);
    expect(() => assertPolicy('policy', value)).toThrow(/^policy: must be a policy/);
  });
});

it('assertPolicy accepts every policy that the constructors return', () => {
  const leaves = [scope('a'), anyScope('a'), claim('a', 1), where('a', () => true)];
  for (const policy of [...leaves, allOf(...leaves), anyOf(allOf(...leaves), ...leaves)]) {
    expect(() => assertPolicy('policy', policy)).not.toThrow();
  }
});
