import { describe, expect, it } from 'vitest';
import { parseJsonObject } from '../../src/jws/json.js';
import { verdict } from '../support/verdict.js';

const verdictOf = (text: string) => verdict(parseJsonObject(Buffer.from(text)));

describe('duplicate members in JSON objects', () => {
  it.each([
    ['adjacent', '{"a":1,"a":1}'],
    ['with another member in between', '{"a":1,"b":2,"a":3}'],
    ['with an escape in the first name', '{"\\u0061ud":1,"aud":2}'],
    ['with an escape in the second name', '{"aud":1,"\\u0061ud":2}'],
    ['escapes that differ in case', '{"\\u00fc":1,"\\u00FC":2}'],
    ['a slash and an escaped slash', '{"/":1,"\\/":2}'],
    ['a letter outside the basic plane and its two escapes', '{"𝄞":1,"\\ud834\\udd1e":2}'],
    ['the empty name', '{"":1,"":2}'],
    ['__proto__', '{"__proto__":1,"__proto__":2}'],
    ['with white space before the colons', '{"a" :1,"a"\t\r\n :2}'],
    ['in a nested object', '{"x":{"a":1,"a":2}}'],
    ['in an object in an array', '{"x":[1,{"a":1,"a":2}]}'],
    ['in an array in an array', '{"x":[[{"a":1,"a":2}]]}'],
    ['before and after a nested object', '{"a":{"b":1},"a":2}'],
    ['before and after an array of objects', '{"a":[{"a":1}],"a":2}'],
    ['a name that ends with an escaped quote', '{"a\\"":1,"a\\"":2}'],
    ['a name that ends with an escaped backslash', '{"a\\\\":1,"a\\\\":2}'],
    ['after a string that begins with a colon', '{"a":":x","b":1,"b":2}'],
    ['white space before one of the colons, and a string that looks like a name', '{"b" :1,"a":":x","b":2}'],
    ['with white space before the colon of the first', '{"a"\n:1,"a":2}'],
  ])('a JSON object with a duplicate member is refused: %s', (_what, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(verdictOf(text)).toBe('malformed');
  });

  it.each([
    ['a value that equals a name', '{"a":"a","b":"a"}'],
    ['a value that equals the next name', '{"a":"b","b":1}'],
    ['a value that looks like a member', '{"a":"\\"a\\":1","b":",\\"a\\":2"}'],
    ['items of an array that equal a name', '{"a":["a","a"]}'],
    ['one name in an object and in the one around it', '{"a":{"a":1}}'],
    ['one name in two objects of an array', '{"x":[{"a":1},{"a":2}]}'],
    ['one name in two members', '{"x":{"a":1},"y":{"a":2}}'],
    ['names that differ in case', '{"aud":1,"AUD":2}'],
    ['names that differ in Unicode normalisation', '{"\\u00e9":1,"e\\u0301":2}'],
    ['names that differ in an escaped backslash', '{"\\\\u0061":1,"a":2}'],
    ['__proto__ in two objects', '{"__proto__":{"__proto__":1}}'],
    ['a string that begins with a colon', '{"a":":x","b":1}'],
    ['a string with an escaped quote before a colon', '{"a":"\\":","b":1}'],
    ['white space everywhere', ' { "a" : ":x" , "b" : [ 1 ] } '],
    ['names that are indices', '{"0":1,"00":2}'],
  ])('a JSON object without duplicate members is accepted: %s', (_what, text) => {
    expect(verdictOf(text)).toBe('passed');
  });
});
