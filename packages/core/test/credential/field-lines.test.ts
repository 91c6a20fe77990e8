import { describe, expect, it } from 'vitest';
import { fieldValue, nextLine } from '../../src/credential/field-lines.js';

function fieldLines(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = nextLine(rawHeaders, name); at !== -1; at = nextLine(rawHeaders, name, at + 2)) {
    values.push(fieldValue(rawHeaders, at));
  }
  return values;
}

describe('the field line reader of Authorization', () => {
  it('the field name is matched case-insensitively, and all lines are read in order', () => {
    const raw = ['Authorization', 'a', 'authorization', 'b', 'AUTHORIZATION', 'c', 'aUtHoRiZaTiOn', 'd'];
    expect(fieldLines(raw, 'authorization')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('similar field names are not matched', () => {
    const raw = [
      'Authorization2',
      'a',
      'Proxy-Authorization',
      'b',
      'Authorizatio',
      'c',
      ' Authorization',
      'd',
      'authorızation',
      'e',
    ];
    expect(fieldLines(raw, 'authorization')).toEqual([]);
  });

  it('a value that equals the field name is not a field name', () => {
    expect(fieldLines(['x', 'authorization', 'y', 'authorization'], 'authorization')).toEqual([]);
  });

  it('space and tab around a value are removed, other characters are kept', () => {
    const raw = ['a', ' \t x \t ', 'a', '\u00a0x', 'a', 'x\n', 'a', '\u2003', 'a', '', 'a', ' \t'];
    expect(fieldLines(raw, 'a')).toEqual(['x', '\u00a0x', 'x\n', '\u2003', '', '']);
  });

  it('a header array of odd length ends with its last complete pair', () => {
    expect(fieldLines(['a', 'x', 'a'], 'a')).toEqual(['x']);
    expect(fieldLines(['a'], 'a')).toEqual([]);
    expect(fieldLines([], 'a')).toEqual([]);
  });
});
