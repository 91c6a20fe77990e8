import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { decodeBase64url } from '../../packages/core/src/jws/base64url.js';
import { parseJsonObject } from '../../packages/core/src/jws/json.js';
import { Malformed } from '../../packages/core/src/jws/malformed.js';
import { deepObjectText, jsonFacts, jsonObjectText, jsonValueText } from './support/json-text.js';
import { mutated, textMutations } from './support/mutations.js';
import { propertiesOf } from './support/properties.js';

const property = propertiesOf(import.meta.filename);

/** The result of `JSON.parse`; `undefined` where it throws or the octets are not UTF-8. */
function reference(octets: Uint8Array): { text: string; value: unknown } | undefined {
  if (!isUtf8(octets)) return undefined;
  const text = Buffer.from(octets).toString('utf8');
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value in objects without prototypes. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(value as object)) copy[name] = bare(member);
  return copy;
}

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}

/**
 * Compares `parseJsonObject` with `JSON.parse`, with the additional rules on duplicates and depth.
 */
function expectStrictReading(octets: Uint8Array): 'object' | 'refused' {
  const ours = parseJsonObject(octets);
  const expected = reference(octets);
  const facts = expected === undefined ? undefined : jsonFacts(expected.text, expected.value);
  const isGood = facts !== undefined && isObject(expected?.value) && !facts.hasDuplicates && facts.depth <= 32;
  expect(ours instanceof Malformed).toBe(!isGood);
  if (!isGood) return 'refused';
  // Stricter than toEqual: prototypes count, and 0 differs from -0.
  expect(isDeepStrictEqual(ours, bare(expected?.value))).toBe(true);
  expect(isDeepFrozen(ours)).toBe(true);
  return 'object';
}

describe('parseJsonObject compared with JSON.parse', () => {
  const seen = { object: 0, refused: 0 };

  property(
    'parseJsonObject reads the objects that JSON.parse reads, and refuses those with duplicates [RS-7519-4-a] [RS-7515-4-a] [RS-7519-10-a]',
    jsonObjectText,
    (text) => {
      seen[expectStrictReading(Buffer.from(text))] += 1;
    },
    {
      afterwards: (tried) => {
        if (tried < 100) return;
        expect(seen.object).toBeGreaterThan(tried / 10);
        expect(seen.refused).toBeGreaterThan(tried / 50);
      },
    },
  );

  property('parseJsonObject refuses objects more than 32 levels deep', deepObjectText, (text) => {
    expectStrictReading(Buffer.from(text));
  });

  property(
    'parseJsonObject refuses values that are not objects [RS-7515-5.2-a] [RS-7519-7.2-a]',
    jsonValueText,
    (text) => {
      expectStrictReading(Buffer.from(text));
    },
  );

  property(
    'parseJsonObject refuses text that is not JSON',
    fc.tuple(jsonObjectText, textMutations).map(([text, mutations]) => mutated(text, mutations)),
    (text) => {
      expectStrictReading(Buffer.from(text));
    },
  );

  property('parseJsonObject refuses octets that are not UTF-8 [RS-8725-3.7-a]', octetsOfAlmostJson(), (octets) => {
    expectStrictReading(octets);
  });

  property(
    'parseJsonObject reads what JSON.stringify writes',
    fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
    (value) => {
      expectStrictReading(Buffer.from(JSON.stringify(value)));
    },
  );
});

function octetsOfAlmostJson(): fc.Arbitrary<Uint8Array> {
  const noise = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
    fc
      .constantFrom([0xef, 0xbb, 0xbf], [0xc0, 0xa2], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x28])
      .map((octets) => Uint8Array.from(octets)),
  );
  return fc.oneof(
    fc.tuple(jsonObjectText, noise, fc.nat()).map(([text, octets, at]) => {
      const whole = Buffer.from(text);
      const place = at % (whole.length + 1);
      return Buffer.concat([whole.subarray(0, place), octets, whole.subarray(place)]);
    }),
    jsonObjectText.map((text) => Buffer.from(text, 'utf16le')),
    fc.uint8Array({ maxLength: 20 }),
  );
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** RFC 4648 section 5 without padding, bit by bit. Unused bits must be zero (section 3.5). */
function octetsSpelled(text: string): number[] | undefined {
  const sextets = text.split('').map((character) => alphabet.indexOf(character));
  if (sextets.includes(-1)) return undefined;
  const bits = sextets.map((sextet) => sextet.toString(2).padStart(6, '0')).join('');
  const whole = bits.length - (bits.length % 8);
  if (bits.length - whole >= 6 || bits.slice(whole).includes('1')) return undefined;
  return Array.from({ length: whole / 8 }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2));
}

describe('decodeBase64url', () => {
  property('decodeBase64url decodes what was encoded', fc.uint8Array({ maxLength: 200 }), (octets) => {
    const decoded = decodeBase64url(Buffer.from(octets).toString('base64url'));
    expect(decoded).toEqual(Buffer.from(octets));
  });

  property(
    'decodeBase64url refuses a second spelling of the same octets [RS-7515-2-a] [RS-7515-2-b]',
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), textMutations),
    ([octets, mutations]) => {
      const spelling = Buffer.from(octets).toString('base64url');
      const other = mutated(spelling, mutations);
      const decoded = decodeBase64url(other);
      expect(decoded && [...decoded]).toEqual(octetsSpelled(other));
      if (other !== spelling) expect(decoded).not.toEqual(Buffer.from(octets));
    },
  );

  property(
    'decodeBase64url decodes short texts by RFC 4648, bit by bit, or refuses them',
    fc.string({ unit: fc.constantFrom(...'AQgwBz9-_', ...'AQgwBz9-_', '=', '+', '/', ' ', '\n', 'é'), maxLength: 9 }),
    (text) => {
      const decoded = decodeBase64url(text);
      expect(decoded && [...decoded]).toEqual(octetsSpelled(text));
    },
  );
});
