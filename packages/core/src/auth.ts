import { Auth } from './model/auth.js';
import type { MaybePromise } from './model/maybe-promise.js';
import { Refusal } from './model/refusal.js';
import type { ConfirmedToken } from './model/stages.js';
import type { StandardSchema } from './model/standard-schema.js';
import { hasMember, memberOf } from './objects/members.js';

/** What this stage is set to. */
export interface AuthSettings<Claims> {
  /** What `auth.claims` must look like; `undefined` to hand on the claims as they are. */
  readonly schema: StandardSchema<Claims> | undefined;
  /** For each scope, every scope it implies, directly or not. */
  readonly scopeImplies: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Semaphore a confirmed token into what handlers get. */
export function makeAuth<Claims>(
  confirmed: ConfirmedToken,
  settings: AuthSettings<Claims>,
): MaybePromise<Auth<Claims> | Refusal> {
  const { claims } = confirmed.token;
  if (settings.schema === undefined) return assemble(confirmed, claims as Claims, settings);
  return validate(claims, settings.schema).then((outcome) =>
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

const misfit = new Refusal('claims_refused', { expected: 'claims that fit the schema' });

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function validate<Claims>(claims: unknown, schema: StandardSchema<Claims>): Promise<Claims | Refusal> {
  try {
    const result: unknown = await schema['~standard'].validate(claims);
    // Only what says in so many words that it has a value has one: a schema that answers false must not admit.
    if (isObject(result) && memberOf(result, 'issues') !== undefined) return misfit;
    if (isObject(result) && hasMember(result, 'value')) return deepFreeze(memberOf(result, 'value') as Claims);
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
