import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { Policy } from '../../src/model/policy.js';
import { allOf, anyOf, anyScope, assertPolicy, claim, scope, where } from '../../src/policy/policies.js';

/** What a caller without types may hand in. */
const untyped = <T>(value: unknown) => value as T;

describe.each([
  ['scope', scope],
  ['anyScope', anyScope],
] as const)('%s(…)', (kind, make) => {
  it('takes names one by one, as a list, and space-separated as on the wire', () => {
    const expected = { kind, scopes: ['read', 'write'] };
    expect(make('read', 'write')).toEqual(expected);
    expect(make(['read', 'write'])).toEqual(expected);
    expect(make('read write')).toEqual(expected);
    expect(make([' read  write '])).toEqual(expected);
    expect(make('read', 'write', 'read')).toEqual(expected);
  });

  it('keeps the order and everything a scope may contain', () => {
    expect(make('b', 'a', 'urn:x:y', 'https://api.test/read', "!#'[]~")).toMatchObject({
      scopes: ['b', 'a', 'urn:x:y', 'https://api.test/read', "!#'[]~"],
    });
  });

  it.each([[[]], [[[]]], [['']], [['  ']], [[['', ' ']]]])(
    '[RS-2.1-1.4-a] %j is no guard: a ConfigurationError',
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
  ])('RFC 6749 section 3.3: %s is in no scope', (_what, name) => {
    expect(() => make(untyped<string>(name))).toThrow(ConfigurationError);
    expect(() => make('read', untyped<string>(name))).toThrow(ConfigurationError);
    expect(() => make('read')).not.toThrow();
  });

  it('a policy is frozen and shares nothing with its arguments', () => {
    const names = ['read'];
    const policy = make(names);
    names.push('write');
    expect(policy).toEqual({ kind, scopes: ['read'] });
    expect(Object.isFrozen(policy) && Object.isFrozen((policy as { scopes: unknown }).scopes)).toBe(true);
  });
});

describe('claim and where', () => {
  it('claim compares with a string, a number or a boolean', () => {
    expect(claim('tenant', 'acme')).toEqual({ kind: 'claim', name: 'tenant', value: 'acme' });
    expect(claim('level', 0)).toMatchObject({ value: 0 });
    expect(claim('email_verified', false)).toMatchObject({ value: false });
  });

  it.each([
    ['no name', '', 'x'],
    ['a name that is none', 1, 'x'],
    ['no value', 'a', undefined],
    ['null', 'a', null],
    ['a list', 'a', ['x']],
    ['an object', 'a', {}],
    ['a function', 'a', () => true],
  ])('claim with %s is a ConfigurationError', (_what, name, value) => {
    expect(() => claim(untyped<string>(name), untyped<string>(value))).toThrow(ConfigurationError);
  });

  it.each([
    ['no name', '', () => true],
    ['a function in the place of the name', () => true, undefined],
    ['no function', 'a', undefined],
    ['true for a function', 'a', true],
  ])('where with %s is a ConfigurationError', (_what, name, condition) => {
    expect(() => where(untyped<string>(name), untyped<() => boolean>(condition))).toThrow(ConfigurationError);
    expect(where('a', () => true)).toMatchObject({ kind: 'where', name: 'a' });
  });

  it('both are frozen', () => {
    expect(Object.isFrozen(claim('a', 1)) && Object.isFrozen(where('a', () => true))).toBe(true);
  });
});

describe.each([
  ['allOf', allOf],
  ['anyOf', anyOf],
] as const)('%s(…)', (kind, make) => {
  it('holds policies in order, frozen', () => {
    const policies = [scope('read'), claim('a', 1)];
    const policy = make(...policies);
    policies.pop();
    expect(policy).toEqual({ kind, policies: [scope('read'), claim('a', 1)] });
    expect(Object.isFrozen(policy) && Object.isFrozen((policy as { policies: unknown }).policies)).toBe(true);
  });

  it('without a policy it is a ConfigurationError', () => {
    expect(() => make()).toThrow(ConfigurationError);
  });

  it.each([
    ['a string', 'read'],
    ['undefined', undefined],
    ['a function', () => true],
    ['a list', [scope('read')]],
    ['an unknown kind', { kind: 'stepUp' }],
    ['a kind out of Object.prototype', { kind: 'constructor' }],
    ['a list for a kind', { kind: ['scope'], scopes: ['read'] }],
    ['no kind', { scopes: ['read'] }],
    ['a scope policy without scopes', { kind: 'scope', scopes: [] }],
    ['a scope policy with a string', { kind: 'scope', scopes: 'read' }],
    ['a scope that is none', { kind: 'anyScope', scopes: ['a"b'] }],
    ['a scope that is none behind a good one', { kind: 'anyScope', scopes: ['read', 'a"b'] }],
    ['the same for all of them', { kind: 'scope', scopes: ['read', 'a"b'] }],
    ['a where policy without a function', { kind: 'where', name: 'a' }],
    ['a claim policy without a name', { kind: 'claim', value: 1 }],
    ['an allOf of nothing', { kind: 'allOf', policies: [] }],
    [
      'an anyOf with a wrong one deep inside',
      { kind: 'anyOf', policies: [{ kind: 'allOf', policies: [{ kind: 'x' }] }] },
    ],
  ])('%s is not a policy: a ConfigurationError that names the option', (_what, value) => {
    expect(() => make(scope('read'), untyped<Policy>(value))).toThrow(ConfigurationError);
    expect(() => assertPolicy('policy', value)).toThrow(/^policy: is not a policy/);
  });
});

it('every policy the constructors make is one', () => {
  const leaves = [scope('a'), anyScope('a'), claim('a', 1), where('a', () => true)];
  for (const policy of [...leaves, allOf(...leaves), anyOf(allOf(...leaves), ...leaves)]) {
    expect(() => assertPolicy('policy', policy)).not.toThrow();
  }
});
