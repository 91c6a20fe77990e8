import type { FaultBoard } from '../faults/faults.js';
import { type Answer, jsonAnswer } from '../http/answer.js';
import type { JsonObject } from '../judge.js';

/**
 * Authorization server metadata (RFC 8414 section 2): what each part of the issuer says of itself, and nothing else. `undefined` and empty
 * lists are left out (section 3.2).
 */
export function metadataOf(issuer: string, parts: readonly Readonly<JsonObject>[]): JsonObject {
  const all: JsonObject = Object.assign({ issuer }, ...parts);
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

/** The discovery documents, all of their places alike. */
export function discoveryEndpoint(metadata: JsonObject, faults: FaultBoard): () => Answer {
  return () => {
    const wrong = faults.at('discovery')?.kind === 'wrongIssuer';
    return jsonAnswer(200, wrong ? { ...metadata, issuer: 'https://other.example' } : metadata);
  };
}
