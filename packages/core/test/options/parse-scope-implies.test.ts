import { describe, expect, it } from 'vitest';
import { parseScopeImplies } from '../../src/options/parse-scope-implies.js';
import { create, refusedOption } from '../support-network/options.js';

function implied(by: string, map: Readonly<Record<string, readonly string[]>>): string[] {
  return [...(parseScopeImplies('scopeImplies', map).get(by) ?? [])].sort();
}

describe('the option scopeImplies', () => {
  it('scopeImplies is transitive', () => {
    const map = { admin: ['write'], write: ['read'], read: ['list'] };
    expect(implied('admin', map)).toEqual(['admin', 'list', 'read', 'write']);
    expect(implied('write', map)).toEqual(['list', 'read', 'write']);
  });

  it('scopeImplies works in one direction only', () => {
    expect(implied('read', { admin: ['read'] })).toEqual([]);
  });

  it('scopeImplies may contain a cycle', () => {
    expect(implied('a', { a: ['b'], b: ['c'], c: ['a'] })).toEqual(['a', 'b', 'c']);
    expect(implied('a', { a: ['a'] })).toEqual(['a']);
  });

  it('scopeImplies treats constructor and __proto__ as ordinary scope names', () => {
    const map = parseScopeImplies('scopeImplies', JSON.parse('{"__proto__":["read"]}'));
    expect([...map.keys()]).toEqual(['__proto__']);
    expect(map.get('constructor')).toBeUndefined();
  });

  it.each([
    ['scopeImplies', 7],
    ['scopeImplies', ['admin']],
    ['scopeImplies', 'admin'],
    ['scopeImplies.admin', { admin: 'read' }],
    ['scopeImplies.admin', { admin: [] }],
    ['scopeImplies.admin', { admin: [7] }],
    ['scopeImplies', { admin: ['read write'] }],
    ['scopeImplies', { 'admin write': ['read'] }],
    ['scopeImplies', new Map([['admin', ['read']]])],
    ['scopeImplies.admin', { write: ['read'], admin: [''] }],
  ])('scopeImplies is refused with an error for %s: %j', (option, scopeImplies) => {
    expect(refusedOption(() => create({ scopeImplies }))).toBe(option);
    expect(refusedOption(() => create({ scopeImplies: { admin: ['read'] } }))).toBeUndefined();
  });
});
