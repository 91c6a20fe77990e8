import { type JsonObject, parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';

/** The answer of an introspection endpoint about one token. */
export interface IntrospectionAnswer {
  /**
   * All members of the answer about an active token. `undefined` for an inactive token, whose other
   * members are ignored.
   */
  readonly claims: JsonObject | undefined;
  /** Size of the answer. */
  readonly octets: number;
}

/**
 * Reads the answer from a JSON document.
 *
 * @see RFC 7662 section 2.2
 */
export function readAnswer(octets: Uint8Array): IntrospectionAnswer | Malformed {
  const object = parseJsonObject(octets);
  return object instanceof Malformed ? object : readActive(object, octets.length);
}

/**
 * Reads the member `active`, which must be a boolean: `"true"`, 1 and an absent member are
 * malformed.
 */
export function readActive(answer: JsonObject, octets: number): IntrospectionAnswer | Malformed {
  const { active } = answer;
  if (typeof active !== 'boolean') return new Malformed('active: not a boolean');
  return { claims: active ? answer : undefined, octets };
}
