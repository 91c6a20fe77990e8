import { Auth } from './model/auth.js';
import { Refusal } from './model/refusal.js';
import type { ConfirmedToken } from './model/stages.js';
import type { StandardSchema } from './model/standard-schema.js';

/** What this stage is set to. */
export interface AuthSettings<Claims> {
  /** What `auth.claims` must look like; `undefined` to hand on the claims as they are. */
  readonly schema: StandardSchema<Claims> | undefined;
  /** For each scope, every scope it implies, directly or not. */
  readonly scopeImplies: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Turns a confirmed token into what handlers get. */
export async function makeAuth<Claims>(
  { token, binding }: ConfirmedToken,
  settings: AuthSettings<Claims>,
): Promise<Auth<Claims> | Refusal> {
  const claims = settings.schema === undefined ? token.claims : await validate(token.claims, settings.schema);
  if (claims instanceof Refusal) return claims;
  const { audience, scopes, expiresAt, subject, clientId } = token.facts;
  return new Auth<Claims>({
    issuer: token.issuer,
    audience,
    scopes,
    scheme: token.credential.scheme,
    binding,
    claims: claims as Claims,
    expiresAt,
    subject,
    clientId,
    token: token.credential.token,
    effectiveScopes: effectiveScopes(scopes, settings.scopeImplies),
  });
}

/** The scopes of a token together with all that they imply. */
function effectiveScopes(
  scopes: readonly string[],
  implied: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  return new Set(scopes.flatMap((scope) => [scope, ...(implied.get(scope) ?? [])]));
}

async function validate<Claims>(claims: unknown, schema: StandardSchema<Claims>): Promise<Claims | Refusal> {
  try {
    const result = await schema['~standard'].validate(claims);
    if (result.issues !== undefined) return new Refusal('claims_refused', { expected: 'claims that fit the schema' });
    return deepFreeze(result.value);
  } catch (cause) {
    return new Refusal('callback_failed', { expected: 'the claims schema not to throw', cause });
  }
}

/** Freezes plain data all the way down; what a schema made of a class of its own stays as it is. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && !Array.isArray(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}
