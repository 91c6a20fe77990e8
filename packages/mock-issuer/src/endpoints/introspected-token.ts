import type { RegisteredClient } from '../clients/registered-client.js';
import { isObject, type JsonObject } from '../judge.js';
import type { IssuedToken } from '../stores/token-store.js';
import { inactivity, type Judgement } from '../tokens/token-state.js';

/** What introspection says of every token it has nothing to say of (RFC 7662 section 2.2). */
const inactive: JsonObject = { active: false };

/** What the caller is told of a token (RFC 7662 section 2.2): all of it, or that it is inactive and not why. */
export function introspected(
  token: IssuedToken | undefined,
  caller: RegisteredClient,
  judgement: Judgement,
): JsonObject {
  if (token === undefined || inactivity(token, judgement) !== undefined) return inactive;
  return concerns(token.claims, caller) ? active(token.claims, caller) : inactive;
}

/** An active answer. */
export function active(claims: JsonObject, caller: RegisteredClient): JsonObject {
  return { active: true, token_type: tokenType(claims), ...withKnownScopes(claims, caller) };
}

function concerns({ aud, client_id }: JsonObject, { id, role, audiences }: RegisteredClient): boolean {
  if (role === 'client') return client_id === id;
  return audiences === undefined || [aud].flat().some((one) => audiences.some((own) => own === one));
}

/** RFC 9449 section 6.2 names DPoP for tokens that are bound to a key of that kind. */
function tokenType({ cnf }: JsonObject): string {
  return isObject(cnf) && cnf['jkt'] !== undefined ? 'DPoP' : 'Bearer';
}

function withKnownScopes(claims: JsonObject, { role, scopes }: RegisteredClient): JsonObject {
  const { scope, ...others } = claims;
  if (typeof scope !== 'string' || role === 'client' || scopes === undefined) return claims;
  const known = scope.split(' ').filter((one) => scopes.includes(one));
  return known.length === 0 ? others : { ...others, scope: known.join(' ') };
}
