import { isUtf8 } from 'node:buffer';
import { emptyBare } from '../objects/bare.js';
import { Malformed } from './malformed.js';

/** A value of untrusted JSON, deep-frozen; objects have no prototype. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** An object of untrusted JSON, deep-frozen and without a prototype. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

const maxDepth = 32;

/**
 * Parses one JSON object out of octets: strict UTF-8 without a byte order mark, no member twice
 * in one object (RFC 7519 section 4 leaves the choice; two parsers must never see two
 * tokens), nested at most 32 deep.
 */
export function parseJsonObject(octets: Uint8Array): JsonObject | Malformed {
  if (!isUtf8(octets)) return notJson;
  const text = toBuffer(octets).toString();
  let value: unknown;
  try {
    // A byte order mark stays where it is, and is no JSON.
    value = JSON.parse(text);
  } catch {
    return notJson;
  }
  if (!isPlainObject(value)) return new Malformed('not a JSON object');
  const sealed = new Sealing();
  const object = sealed.object(value, 1);
  if (sealed.isTooDeep) return new Malformed(`nested deeper than ${maxDepth}`);
  return hasMore(text, sealed.members) ? new Malformed('a member stands twice') : object;
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
    // Without a prototype: a member that the token lacks is `undefined` under every name, `constructor` included.
    const sealed = emptyBare() as Record<string, JsonValue>;
    for (const name in object) {
      // What somebody put on the prototype of all objects is no member of a token.
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
 * Whether more members stand in a text of valid JSON than were kept of it: `JSON.parse` keeps the last of several of one name,
 * however each is spelled.
 */
function hasMore(text: string, kept: number): boolean {
  // Without white space behind quotes, at least every name ends in a quote and a colon: as many as were kept are all of them.
  if (!spacedQuote.test(text) && countQuotedColons(text) === kept) return false;
  return countMembers(text) !== kept;
}

const spacedQuote = /"[ \n\r\t]/;

/** Ends of names, and what looks like them: strings that begin with a colon, and escaped quotes before one. */
function countQuotedColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2)) count++;
  return count;
}

/** Counts the members that stand in a text of valid JSON. */
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

/** Where the string that begins at `start` is over: behind the first quote that no backslash escapes. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

/** Whether an odd number of backslashes stands in front. */
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
