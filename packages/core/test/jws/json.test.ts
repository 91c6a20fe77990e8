import { describe, expect, it } from 'vitest';
import { parseJsonObject } from '../../src/jws/json.js';
import { jsonObject } from '../support/json-object.js';
import { verdict } from '../support/verdict.js';

const parse = (text: string | Uint8Array) => parseJsonObject(Buffer.from(text));

/** `{"a": …}` with arrays or objects in it, nested to `depth` in all. */
function nested(depth: number, open = '[', close = ']'): string {
  return `{"a":${open.repeat(depth - 1)}${close === ']' ? '' : '1'}${close.repeat(depth - 1)}}`;
}

describe('a JSON object is one object in strict UTF-8', () => {
  it.each([
    ['an object', '{"a":1}'],
    ['an empty object', '{}'],
    ['white space around it', ' \t\r\n{ "a" : 1 } \n'],
    ['letters outside ASCII', '{"ä":"€𝄞"}'],
  ])('%s is read', (_what, text) => {
    expect(verdict(parse(text))).toBe('passed');
  });

  it.each([
    ['an array', '[{"a":1}]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a string', '"a"'],
    ['a boolean', 'true'],
    ['nothing', ''],
    ['white space alone', ' '],
    ['text behind the object', '{}x'],
    ['a second object', '{}{}'],
    ['half an object', '{"a":1'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{/**/}'],
    ['NaN', '{"a":NaN}'],
    ['a hexadecimal number', '{"a":0x1}'],
    ['a control character in a string', '{"a":"\u0001"}'],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a no-break space before it', '\u00a0{"a":1}'],
  ])('%s is refused', (_what, text) => {
    expect(verdict(parse(text))).toBe('malformed');
  });

  it.each([
    ['a byte that is in no UTF-8', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate half', [0xed, 0xa0, 0x80]],
    ['a sequence that is cut off', [0xe2, 0x82]],
    ['a code point beyond the last', [0xf4, 0x90, 0x80, 0x80]],
  ])('%s is refused instead of replaced', (_what, octets) => {
    const around = (middle: number[]) => Buffer.concat([Buffer.from('{"a":"'), Buffer.from(middle), Buffer.from('"}')]);
    expect(verdict(parse(around(octets)))).toBe('malformed');
    expect(verdict(parse(around([0xe2, 0x82, 0xac])))).toBe('passed');
  });

  it('UTF-16 is refused', () => {
    expect(verdict(parse(Buffer.from('{"a":1}', 'utf16le')))).toBe('malformed');
  });
});

describe('D-27: JSON is nested at most 32 deep', () => {
  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('%s: 32 are read, 33 are refused', (_what, open, close) => {
    expect(verdict(parse(nested(32, open, close)))).toBe('passed');
    expect(verdict(parse(nested(33, open, close)))).toBe('malformed');
  });

  it('depth is counted from the outermost object and falls again behind each closing bracket', () => {
    expect(verdict(parse(`{"a":[${'[],'.repeat(100)}[]]}`))).toBe('passed');
  });

  it('brackets inside strings are text', () => {
    expect(verdict(parse(`{"${'{'.repeat(40)}":"${'['.repeat(40)}\\"${'['.repeat(40)}"}`))).toBe('passed');
  });
});

describe('what was read is data and stays as it is', () => {
  it('members named like members of Object.prototype land as data', () => {
    const object = jsonObject('{"__proto__":{"admin":true},"constructor":1,"toString":2,"hasOwnProperty":3}');
    expect(Object.getPrototypeOf(object)).toBeNull();
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    const { ['__proto__']: landed } = object;
    expect(landed).toEqual({ admin: true });
    expect(object['admin']).toBeUndefined();
  });

  it('members an object does not have are undefined under every name, in nested objects too', () => {
    for (const object of [jsonObject('{}'), jsonObject('{"a":[{}]}')['a']]) {
      const innermost = (Array.isArray(object) ? object[0] : object) as Record<string, unknown>;
      for (const name of ['__proto__', 'constructor', 'toString', 'valueOf']) expect(innermost[name]).toBeUndefined();
    }
  });

  it('what somebody put on the prototype of all objects is no member', () => {
    Object.assign(Object.prototype, { admin: true });
    try {
      expect(Object.keys(jsonObject('{"a":1}'))).toEqual(['a']);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'admin');
    }
  });

  it('it is frozen all the way down', () => {
    const object = jsonObject('{"a":{"b":[{"c":1}]},"d":[[1]]}') as unknown as { a: { b: [object] }; d: [object] };
    for (const part of [object, object.a, object.a.b, object.a.b[0], object.d, object.d[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('values are what they were', () => {
    const text = '{"s":"x\\u0000\\n","n":-1.5e3,"t":true,"f":false,"z":null,"l":[1,"2",null],"o":{"p":{}}}';
    expect(JSON.parse(JSON.stringify(jsonObject(text)))).toEqual(JSON.parse(text));
  });

  it('a malformed text is described without any part of it', () => {
    for (const text of ['{"secret":1,"secret":2}', 'secret', '"secret"', nested(40).replace('a', 'secret')]) {
      expect(JSON.stringify(parse(text))).not.toContain('secret');
    }
  });
});
