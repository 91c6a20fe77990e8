import { Malformed } from './malformed.js';

/** A value of untrusted JSON, deep-frozen; objects have no prototype. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** An object of untrusted JSON, deep-frozen and without a prototype. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

const maxDepth = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses one JSON object out of octets: strict UTF-8 without a byte order mark, no member twice
 * in one object (RFC 7519 section 4 leaves the choice; two parsers must never see two
 * tokens), nested at most 32 deep.
 */
export function parseJsonObject(octets: Uint8Array): JsonObject | Malformed {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(octets);
    value = JSON.parse(text);
  } catch {
    return new Malformed('not JSON in UTF-8');
  }
  if (!isPlainObject(value)) return new Malformed('not a JSON object');
  const fault = structuralFault(text);
  return fault === undefined ? sealObject(value) : new Malformed(fault);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads text that is known to be valid JSON once, for what `JSON.parse` lets pass. */
function structuralFault(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        open.push(text[at] === '{' ? new Set() : undefined);
        if (open.length > maxDepth) return `nested deeper than ${maxDepth}`;
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        const next = skipWhiteSpace(text, end);
        if (text[next] === ':') {
          const name = unquote(text.slice(at, end));
          const names = open.at(-1);
          if (names?.has(name)) return 'a member stands twice';
          names?.add(name);
        }
        at = next - 1;
      }
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipWhiteSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}

/** `"\u0061ud"` and `"aud"` are one name. */
function unquote(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

// Without a prototype, a member that the token does not have is `undefined` under every name,
// `constructor` and `__proto__` included.
function sealObject(object: Record<string, unknown>): JsonObject {
  const sealed: Record<string, JsonValue> = Object.create(null);
  for (const name of Object.keys(object)) sealed[name] = seal(object[name]);
  return Object.freeze(sealed);
}

function seal(value: unknown): JsonValue {
  if (Array.isArray(value)) return Object.freeze(value.map(seal));
  return isPlainObject(value) ? sealObject(value) : (value as string | number | boolean | null);
}
