import type { JsonObject } from '../jws/json.js';

/*
 * Signs by which a token says that it is another kind of token than an access token. They refuse it in every profile, also beside
 * `typ: at+jwt`: a token that contradicts itself was made by mistake, or to confuse.
 */

/** Claims of logout tokens and security events (RFC 8417 section 2.2), and of introspection answers (RFC 9701 section 5). */
const foreignClaims = ['events', 'token_introspection'];
/** Keycloak writes the kind of a token into the payload. */
const foreignPayloadTypes = ['id', 'refresh', 'offline', 'logout'];
/** Amazon Cognito and others write it into `token_use`. */
const foreignUses = ['id', 'id_token', 'refresh', 'refresh_token'];

/** What the claims say the token is instead of an access token, for operators; `undefined` where they say no such thing. */
export function contradictingSign(claims: JsonObject): string | undefined {
  const foreign = foreignClaims.find((name) => claims[name] !== undefined);
  if (foreign !== undefined) return `a token with ${foreign}`;
  if (isOneOf(foreignUses, claims['token_use'])) return 'a token of another token_use';
  return isOneOf(foreignPayloadTypes, claims['typ']) ? 'a token of another payload typ' : undefined;
}

/** Whether `value` is one of `names`, in any case. */
export function isOneOf(names: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && names.includes(value.toLowerCase());
}
