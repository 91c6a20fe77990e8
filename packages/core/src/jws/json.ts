import { isUtf8 } from 'node:buffer';
import { emptyBare } from '../objects/bare.js';
import { Malformed } from './malformed.js';

/** A value of untrusted JSON, deep-frozen; objects have no prototype. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** An object of untrusted JSON, deep-frozen and without a prototype. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Limit for the nesting of objects and arrays. */
const maxDepth = 32;

/**
 * Parses one JSON object from octets: strict UTF-8 without a byte order mark, nested at most 32
 * levels deep, and without duplicate members.
 *
 * RFC 7519 section 4 allows a parser to accept duplicate members. They are refused here, because
 * two parsers must never read two different tokens from the same octets.
 */
export function parseJsonObject(octets: Uint8Array): JsonObject | Malformed {
  if (!isUtf8(octets)) return notJson;
  const text = toBuffer(octets).toString();
  let value: unknown;
  try {
    // A byte order mark stays in the text, where it is not valid JSON.
    value = JSON.parse(text);
  } catch {
    return notJson;
  }
  if (!isPlainObject(value)) return new Malformed('not a JSON object');
  const sealed = new Sealing();
  const object = sealed.object(value, 1);
  if (sealed.isTooDeep) return new Malformed(`nested deeper than ${maxDepth}`);
  return hasDuplicateMember(text, sealed.members) ? new Malformed('a duplicate member') : object;
}

function toBuffer(octets: Uint8Array): Buffer {
  return Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}

const notJson = new Malformed('not JSON in UTF-8');

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Copies parsed JSON into frozen objects without a prototype, and counts their members. */
class Sealing {
  members = 0;
  isTooDeep = false;

  object(object: Record<string, unknown>, depth: number): JsonObject {
    // Without a prototype: a member that the token lacks is `undefined` under every name, including
    // `constructor`.
    const sealed = emptyBare() as Record<string, JsonValue>;
    for (const name in object) {
      // A property on a polluted `Object.prototype` is not a member of the token.
      if (!Object.hasOwn(object, name)) continue;
      this.members += 1;
      const item = object[name];
      sealed[name] = typeof item === 'object' && item !== null ? this.#nested(item, depth + 1) : (item as JsonValue);
    }
    return Object.freeze(sealed);
  }

  #nested(value: object, depth: number): JsonValue {
    if (depth > maxDepth) {
      this.isTooDeep = true;
      return null;
    }
    if (!Array.isArray(value)) return this.object(value as Record<string, unknown>, depth);
    const items = value.map((item: unknown) =>
      typeof item === 'object' && item !== null ? this.#nested(item, depth + 1) : (item as JsonValue),
    );
    return Object.freeze(items);
  }
}

/**
 * Whether the JSON text contains more members than the parsed value. `JSON.parse` keeps only the
 * last of several members with one name, however each name is escaped.
 *
 * @param kept number of members in the parsed value
 */
function hasDuplicateMember(text: string, kept: number): boolean {
  // Fast path: without white space after quotes, every member name ends in a quote and a colon. If
  // there are only as many of these pairs as kept members, no member was dropped.
  if (!spacedQuote.test(text) && countQuotedColons(text) === kept) return false;
  return countMembers(text) !== kept;
}

const spacedQuote = /"[ \n\r\t]/;

/**
 * Counts the pairs of a quote and a colon. These are the ends of member names, and some others:
 * strings that begin with a colon, and escaped quotes before a colon.
 */
function countQuotedColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2)) count++;
  return count;
}

/** Counts the members in a valid JSON text, duplicates included. */
function countMembers(text: string): number {
  let members = 0;
  let start = text.indexOf('"');
  while (start !== -1) {
    const end = endOfString(text, start);
    if (text[skipWhiteSpace(text, end)] === ':') members++;
    start = text.indexOf('"', end);
  }
  return members;
}

/** The index after the string that begins at `start`: after its first unescaped quote. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

/** Whether an odd number of backslashes precedes `at`. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start--;
  return (at - start) % 2 === 1;
}

function skipWhiteSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}
