import { Auth } from './model/auth.js';
import type { MaybePromise } from './model/maybe-promise.js';
import { Refusal } from './model/refusal.js';
import type { ConfirmedToken } from './model/stages.js';
import type { StandardSchema } from './model/standard-schema.js';
import { hasMember, memberOf } from './objects/members.js';

/** Settings of the step that makes the `Auth`. */
export interface AuthSettings<Claims> {
  /** Validates the claims and makes `auth.claims`. Without a schema, the claims are unchanged. */
  readonly schema: StandardSchema<Claims> | undefined;
  /** For each scope, every scope that it implies, directly or through other scopes. */
  readonly scopeImplies: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Makes the `Auth` from a confirmed token. Applies the `claims` schema, if there is one. */
export function makeAuth<Claims>(
  confirmed: ConfirmedToken,
  settings: AuthSettings<Claims>,
): MaybePromise<Auth<Claims> | Refusal> {
  const { claims } = confirmed.token;
  if (settings.schema === undefined) return assemble(confirmed, claims as Claims, settings);
  return applySchema(claims, settings.schema).then((outcome) =>
    outcome instanceof Refusal ? outcome : assemble(confirmed, outcome, settings),
  );
}

function assemble<Claims>(
  { token, binding }: ConfirmedToken,
  claims: Claims,
  { scopeImplies }: AuthSettings<Claims>,
): Auth<Claims> {
  const { audience, scopes, expiresAt, subject, clientId } = token.facts;
  return new Auth<Claims>({
    issuer: token.issuer,
    audience,
    scopes,
    scheme: token.credential.scheme,
    binding,
    claims,
    expiresAt,
    subject,
    clientId,
    token: token.credential.token,
    scopeImplies,
  });
}

const schemaIssues = new Refusal('claims_refused', { expected: 'claims that match the `claims` schema' });

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function applySchema<Claims>(claims: unknown, schema: StandardSchema<Claims>): Promise<Claims | Refusal> {
  try {
    const result: unknown = await schema['~standard'].validate(claims);
    // Only a result with an explicit `value` is a success: a schema that returns false must refuse.
    if (isObject(result) && memberOf(result, 'issues') !== undefined) return schemaIssues;
    if (isObject(result) && hasMember(result, 'value')) return deepFreeze(memberOf(result, 'value') as Claims);
    return new Refusal('callback_failed', { expected: 'a Standard Schema result of the `claims` schema' });
  } catch (cause) {
    return new Refusal('callback_failed', {
      expected: 'the `claims` schema to return issues instead of throwing',
      cause,
    });
  }
}

/** Deep-freezes plain objects and arrays. Class instances that a schema makes are not frozen. */
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
