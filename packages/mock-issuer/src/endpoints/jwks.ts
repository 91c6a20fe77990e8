import type { FaultBoard } from '../faults/faults.js';
import { type Answer, jsonAnswer } from '../http/answer.js';
import type { JwkSet } from '../signing-key.js';

/** A JSON Web Key Set under its media type (RFC 7517 section 8.5). */
export function keySet(set: JwkSet, cacheControl?: string): Answer {
  const caching = cacheControl === undefined ? {} : { 'cache-control': cacheControl };
  return jsonAnswer(200, set, { type: 'application/jwk-set+json', ...caching });
}

/** The keys that tokens are verified with. */
export function jwksEndpoint(
  jwks: () => Promise<JwkSet>,
  cacheControl: string | undefined,
  faults: FaultBoard,
): () => Promise<Answer> {
  return async () => keySet(faults.at('jwks')?.kind === 'empty' ? { keys: [] } : await jwks(), cacheControl);
}
