import { type JsonObject, parseJsonObject } from '../jws/json.js';
import { Malformed } from '../jws/malformed.js';

/** What an issuer says of a token. */
export interface IntrospectionAnswer {
  /** All that it says of an active one; `undefined` for one that is not, of which nothing else counts. */
  readonly claims: JsonObject | undefined;
  /** How large the answer was. */
  readonly octets: number;
}

/** Reads the answer of RFC 7662 section 2.2 out of a document. */
export function readAnswer(octets: Uint8Array): IntrospectionAnswer | Malformed {
  const object = parseJsonObject(octets);
  return object instanceof Malformed ? object : readActive(object, octets.length);
}

/** Only what says in so many words that it is active is: `"true"`, 1 and nothing at all are no answer. */
export function readActive(answer: JsonObject, octets: number): IntrospectionAnswer | Malformed {
  const { active } = answer;
  if (typeof active !== 'boolean') return new Malformed('active: not a boolean');
  return { claims: active ? answer : undefined, octets };
}
