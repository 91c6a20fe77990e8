import { describe, expect, it } from 'vitest';
import { parseScopeImplies } from '../../src/options/parse-scope-implies.js';
import { create, refusedOption } from '../support-network/options.js';

function implied(by: string, map: Readonly<Record<string, readonly string[]>>): string[] {
  return [...(parseScopeImplies('scopeImplies', map).get(by) ?? [])].sort();
}

describe('implied scopes', () => {
  it('are followed through several steps', () => {
    const map = { admin: ['write'], write: ['read'], read: ['list'] };
    expect(implied('admin', map)).toEqual(['admin', 'list', 'read', 'write']);
    expect(implied('write', map)).toEqual(['list', 'read', 'write']);
  });

  it('do not go backwards', () => {
    expect(implied('read', { admin: ['read'] })).toEqual([]);
  });

  it('may go round in a circle', () => {
    expect(implied('a', { a: ['b'], b: ['c'], c: ['a'] })).toEqual(['a', 'b', 'c']);
    expect(implied('a', { a: ['a'] })).toEqual(['a']);
  });

  it('are compared, not read: constructor and __proto__ are names like any other', () => {
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
  ])('%s is refused when it is not an object of lists: %j', (option, scopeImplies) => {
    expect(refusedOption(() => create({ scopeImplies }))).toBe(option);
    expect(refusedOption(() => create({ scopeImplies: { admin: ['read'] } }))).toBeUndefined();
  });
});
