import type { JsonObject, JsonValue } from '../jws/json.js';
import { isSecretKey } from '../jws/public-key.js';

/** A JWK set without the private and symmetric keys that its owner published by mistake: nobody hands those on. */
export function publicPart(jwks: JsonObject): JsonObject {
  const { keys } = jwks;
  if (!Array.isArray(keys)) return jwks;
  const all = keys as readonly JsonValue[];
  return Object.freeze({ ...jwks, keys: Object.freeze(all.filter((key) => !isSecretKey(key))) });
}
