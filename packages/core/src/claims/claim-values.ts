import type { JsonObject, JsonValue } from '../jws/json.js';

/** The year 5138 in seconds. Realistic dates are smaller, and dates in milliseconds are larger. */
const maxNumericDate = 99_999_999_999;

/**
 * Whether `value` is a NumericDate (RFC 7519 section 2): a finite number of seconds, fractions
 * allowed.
 */
export function isNumericDate(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= maxNumericDate;
}

/** Whether `value` is a non-empty string. */
export function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/**
 * Returns a string, or an array of strings, as a list; `undefined` for any other value.
 *
 * @see RFC 7519 section 4.1.3
 */
export function stringOrList(value: JsonValue | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined;
}

/**
 * The scopes in a scope string, without duplicates. The only separator is the space.
 *
 * @see RFC 6749 section 3.3
 */
export function scopeWords(text: string): string[] {
  return distinct(text.split(' ')).filter((word) => word !== '');
}

/** Up to this length, a linear search costs less than a Set. */
const few = 16;

/** Removes duplicates from `words` and keeps the order. */
export function distinct(words: readonly string[]): string[] {
  return words.length > few ? [...new Set(words)] : words.filter((word, at) => words.indexOf(word) === at);
}

/** The first of `names` that is present in `claims`. */
export function firstPresent(claims: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) if (claims[name] !== undefined) return name;
  return undefined;
}
