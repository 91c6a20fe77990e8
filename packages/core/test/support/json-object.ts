import { type JsonObject, parseJsonObject } from '../../src/jws/json.js';
import { Malformed } from '../../src/jws/malformed.js';

/** An object as it comes out of a token or a key set. Text is taken as it stands, so that it may say what JavaScript cannot. */
export function jsonObject(content: string | Readonly<Record<string, unknown>>): JsonObject {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const parsed = parseJsonObject(Buffer.from(text));
  if (parsed instanceof Malformed) throw new Error(parsed.reason);
  return parsed;
}
