import type { JsonObject, JsonValue } from '../jws/json.js';
import { isSecretKey } from '../jws/public-key.js';

/**
 * A JWK set without private and symmetric keys. An issuer may publish such keys by mistake, and a
 * snapshot must not spread them.
 */
export function publicPart(jwks: JsonObject): JsonObject {
  const { keys } = jwks;
  if (!Array.isArray(keys)) return jwks;
  const all = keys as readonly JsonValue[];
  return Object.freeze({ ...jwks, keys: Object.freeze(all.filter((key) => !isSecretKey(key))) });
}
