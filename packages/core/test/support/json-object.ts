import { type JsonObject, parseJsonObject } from '../../src/jws/json.js';
import { Malformed } from '../../src/jws/malformed.js';

/**
 * An object as it is parsed from a token or a key set. A string is used as JSON text unchanged, so
 * that it can contain what JSON.stringify cannot produce.
 */
export function jsonObject(content: string | Readonly<Record<string, unknown>>): JsonObject {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const parsed = parseJsonObject(Buffer.from(text));
  if (parsed instanceof Malformed) throw new Error(parsed.reason);
  return parsed;
}
