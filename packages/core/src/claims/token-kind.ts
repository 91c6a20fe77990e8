import type { JsonObject } from '../jws/json.js';

/*
 * Claims that mark a token as another kind of token than an access token. They refuse it in every
 * profile, also with `typ: at+jwt`: a token that contradicts itself is a mistake or an attack.
 */

/**
 * Claims of logout tokens and security events (RFC 8417 section 2.2), and of signed introspection
 * answers (RFC 9701 section 5).
 */
const foreignClaims = ['events', 'token_introspection'];
/** Keycloak puts the kind of a token into the claim `typ`. */
const foreignPayloadTypes = ['id', 'refresh', 'offline', 'logout'];
/** Amazon Cognito and others put the kind of a token into the claim `token_use`. */
const foreignUses = ['id', 'id_token', 'refresh', 'refresh_token'];

/**
 * Describes for operators what the claims mark the token as, instead of an access token.
 *
 * @returns `undefined` where no claim marks it so
 */
export function contradictingSign(claims: JsonObject): string | undefined {
  const foreign = foreignClaims.find((name) => claims[name] !== undefined);
  if (foreign !== undefined) return `a token with ${foreign}`;
  if (isOneOf(foreignUses, claims['token_use'])) return 'a token of another token_use';
  return isOneOf(foreignPayloadTypes, claims['typ']) ? 'a token of another payload typ' : undefined;
}

/** Whether `value` is one of `names`, in any letter case. */
export function isOneOf(names: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && names.includes(value.toLowerCase());
}
