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

const misfit = new Refusal('claims_refused', { expected: 'claims that fit the schema' });

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function validate<Claims>(claims: unknown, schema: StandardSchema<Claims>): Promise<Claims | Refusal> {
  try {
    const result: unknown = await schema['~standard'].validate(claims);
    // Only what says in so many words that it has a value has one: a schema that answers false must not admit.
    if (isObject(result) && result['issues'] !== undefined) return misfit;
    if (isObject(result) && 'value' in result) return deepFreeze(result['value'] as Claims);
    return new Refusal('callback_failed', { expected: 'the claims schema to give a Standard Schema result' });
  } catch (cause) {
    return new Refusal('callback_failed', { expected: 'the claims schema not to throw', cause });
  }
}

/** Freezes plain data all the way down; what a schema made of a class of its own stays as it is. */
export function deepFreeze<T>(value: T): T {
  freezePlain(value, new Set());
  return value;
}

function freezePlain(value: unknown, seen: Set<unknown>): void {
  if (!isObject(value) || seen.has(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && !Array.isArray(value)) return;
  seen.add(value);
  Object.freeze(value);
  for (const item of Object.values(value)) freezePlain(item, seen);
}
