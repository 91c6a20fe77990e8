import { describe, expect, it } from 'vitest';
import { parseJsonObject } from '../../src/jws/json.js';
import { jsonObject } from '../support/json-object.js';
import { verdict } from '../support/verdict.js';

const parse = (text: string | Uint8Array) => parseJsonObject(Buffer.from(text));

/** `{"a": …}` that contains arrays or objects, with a total nesting depth of `depth`. */
function nested(depth: number, open = '[', close = ']'): string {
  return `{"a":${open.repeat(depth - 1)}${close === ']' ? '' : '1'}${close.repeat(depth - 1)}}`;
}

describe('strict parsing of a JSON object in UTF-8', () => {
  it.each([
    ['an object', '{"a":1}'],
    ['an empty object', '{}'],
    ['an object between white space', ' \t\r\n{ "a" : 1 } \n'],
    ['an object with letters outside ASCII', '{"ä":"€𝄞"}'],
  ])('a JSON text that is %s is parsed', (_what, text) => {
    expect(verdict(parse(text))).toBe('passed');
  });

  it.each([
    ['an array', '[{"a":1}]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a string', '"a"'],
    ['a boolean', 'true'],
    ['empty', ''],
    ['only white space', ' '],
    ['an object followed by text', '{}x'],
    ['two objects', '{}{}'],
    ['half an object', '{"a":1'],
    ['an object with a trailing comma', '{"a":1,}'],
    ['an object with single quotes', "{'a':1}"],
    ['an object with a comment', '{/**/}'],
    ['an object with NaN', '{"a":NaN}'],
    ['an object with a hexadecimal number', '{"a":0x1}'],
    ['an object with a control character in a string', '{"a":"\u0001"}'],
    ['an object after a byte order mark', '\ufeff{"a":1}'],
    ['an object after a no-break space', '\u00a0{"a":1}'],
  ])('a JSON text that is %s is refused', (_what, text) => {
    expect(verdict(parse(text))).toBe('malformed');
  });

  it.each([
    ['a byte that UTF-8 does not use', [0xff]],
    ['an overlong encoding of a slash', [0xc0, 0xaf]],
    ['a surrogate half', [0xed, 0xa0, 0x80]],
    ['a sequence that is cut off', [0xe2, 0x82]],
    ['a code point beyond the last', [0xf4, 0x90, 0x80, 0x80]],
  ])('invalid UTF-8 is refused instead of replaced: %s', (_what, octets) => {
    const around = (middle: number[]) => Buffer.concat([Buffer.from('{"a":"'), Buffer.from(middle), Buffer.from('"}')]);
    expect(verdict(parse(around(octets)))).toBe('malformed');
    expect(verdict(parse(around([0xe2, 0x82, 0xac])))).toBe('passed');
  });

  it('a JSON text in UTF-16 is refused', () => {
    expect(verdict(parse(Buffer.from('{"a":1}', 'utf16le')))).toBe('malformed');
  });
});

describe('nesting depth of JSON (D-27)', () => {
  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('JSON %s are accepted at nesting depth 32 and refused at 33', (_what, open, close) => {
    expect(verdict(parse(nested(32, open, close)))).toBe('passed');
    expect(verdict(parse(nested(33, open, close)))).toBe('malformed');
  });

  it('the JSON nesting depth counts from the outermost object and decreases after each closing bracket', () => {
    expect(verdict(parse(`{"a":[${'[],'.repeat(100)}[]]}`))).toBe('passed');
  });

  it('brackets inside JSON strings do not count as nesting', () => {
    expect(verdict(parse(`{"${'{'.repeat(40)}":"${'['.repeat(40)}\\"${'['.repeat(40)}"}`))).toBe('passed');
  });
});

describe('result of the JSON parser', () => {
  it('members named like those of Object.prototype are parsed as plain data', () => {
    const object = jsonObject('{"__proto__":{"admin":true},"constructor":1,"toString":2,"hasOwnProperty":3}');
    expect(Object.getPrototypeOf(object)).toBeNull();
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    const { ['__proto__']: parsed } = object;
    expect(parsed).toEqual({ admin: true });
    expect(object['admin']).toBeUndefined();
  });

  it('a member that an object does not have is undefined under every name, in nested objects too', () => {
    for (const object of [jsonObject('{}'), jsonObject('{"a":[{}]}')['a']]) {
      const innermost = (Array.isArray(object) ? object[0] : object) as Record<string, unknown>;
      for (const name of ['__proto__', 'constructor', 'toString', 'valueOf']) expect(innermost[name]).toBeUndefined();
    }
  });

  it('a property added to Object.prototype is not a member of a parsed object', () => {
    Object.assign(Object.prototype, { admin: true });
    try {
      expect(Object.keys(jsonObject('{"a":1}'))).toEqual(['a']);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'admin');
    }
  });

  it('a parsed JSON object is deeply frozen', () => {
    const object = jsonObject('{"a":{"b":[{"c":1}]},"d":[[1]]}') as unknown as { a: { b: [object] }; d: [object] };
    for (const part of [object, object.a, object.a.b, object.a.b[0], object.d, object.d[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('parsed JSON values equal those of JSON.parse', () => {
    const text = '{"s":"x\\u0000\\n","n":-1.5e3,"t":true,"f":false,"z":null,"l":[1,"2",null],"o":{"p":{}}}';
    expect(JSON.parse(JSON.stringify(jsonObject(text)))).toEqual(JSON.parse(text));
  });

  it('the reason of a malformed JSON text quotes nothing of it', () => {
    for (const text of ['{"secret":1,"secret":2}', 'secret', '"secret"', nested(40).replace('a', 'secret')]) {
      expect(JSON.stringify(parse(text))).not.toContain('secret');
    }
  });
});
