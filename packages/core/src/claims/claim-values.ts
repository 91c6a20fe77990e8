import type { JsonObject, JsonValue } from '../jws/json.js';

/** Later than any date in seconds that is meant: year 5138. A date in milliseconds is beyond it. */
const maxNumericDate = 99_999_999_999;

/** Whether `value` is a NumericDate (RFC 7519 section 2): a finite number of seconds, fractions allowed. */
export function isNumericDate(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= maxNumericDate;
}

export function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

/** A string, or an array of strings, as a list; `undefined` for anything else (RFC 7519 section 4.1.3). */
export function stringOrList(value: JsonValue | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined;
}

/** The words of a scope string (RFC 6749 section 3.3), each once. Only a space divides them. */
export function scopeWords(text: string): string[] {
  return distinct(text.split(' ')).filter((word) => word !== '');
}

/** Below that many, looking through them all costs less than a set. */
const few = 16;

/** Each of `words` once, in their order. */
export function distinct(words: readonly string[]): string[] {
  return words.length > few ? [...new Set(words)] : words.filter((word, at) => words.indexOf(word) === at);
}

/** The claim that `names` finds first. */
export function firstPresent(claims: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) if (claims[name] !== undefined) return name;
  return undefined;
}
