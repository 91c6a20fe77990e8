import type { AccessErrorCode } from '../errors.js';
import type { Auth } from '../model/auth.js';
import { chain, type MaybePromise } from '../model/maybe-promise.js';
import type { Policy } from '../model/policy.js';
import { Refusal, shown } from '../model/refusal.js';
import type { HttpRequest } from '../model/request.js';

/**
 * Judges whether an admitted request may do what a route asks for. The only place where a policy
 * is read; what is not known here refuses.
 */
export function evaluatePolicy(
  policy: Policy,
  auth: Auth<unknown>,
  request: HttpRequest,
): MaybePromise<Refusal | undefined> {
  switch (policy.kind) {
    case 'scope':
      return policy.scopes.length > 0 && policy.scopes.every((name) => auth.hasScope(name))
        ? undefined
        : scopeInsufficient(`scope: all of ${policy.scopes.join(' ')}`, auth);
    case 'anyScope':
      return policy.scopes.some((name) => auth.hasScope(name))
        ? undefined
        : scopeInsufficient(`scope: one of ${policy.scopes.join(' ')}`, auth);
    case 'claim':
      return hasClaim(auth.claims, policy.name, policy.value)
        ? undefined
        : new Refusal('claim_insufficient', { expected: `the claim ${policy.name} to allow this` });
    case 'where':
      return evaluateCondition(policy, auth, request);
    case 'allOf':
      return evaluateAll(policy.policies, auth, request);
    case 'anyOf':
      return evaluateAny(policy.policies, auth, request);
    default:
      return new Refusal('internal_failure', { expected: 'a policy of a known kind' });
  }
}

/** Whether `policy` is judged by anything of the request. */
export function looksAtRequest(policy: Policy): boolean {
  switch (policy.kind) {
    case 'scope':
    case 'anyScope':
    case 'claim':
      return false;
    case 'allOf':
    case 'anyOf':
      return policy.policies.some(looksAtRequest);
    default:
      return true;
  }
}

/** The scopes a client should ask its issuer for, so that all of `policy` that is about scopes holds. */
export function neededScopes(policy: Policy): readonly string[] {
  switch (policy.kind) {
    case 'scope':
    case 'anyScope':
      return policy.scopes;
    case 'allOf':
      return [...new Set(policy.policies.flatMap(neededScopes))];
    case 'anyOf':
      return policy.policies.slice(0, 1).flatMap(neededScopes);
    default:
      return [];
  }
}

function scopeInsufficient(expected: string, auth: Auth<unknown>): Refusal {
  return new Refusal('scope_insufficient', { expected, found: shown(auth.scopes.join(' ')) });
}

function hasClaim(claims: unknown, name: string, value: string | number | boolean): boolean {
  if (typeof claims !== 'object' || claims === null || !Object.hasOwn(claims, name)) return false;
  const found = (claims as Record<string, unknown>)[name];
  return found === value || (Array.isArray(found) && found.includes(value));
}

async function evaluateCondition(
  policy: Extract<Policy, { kind: 'where' }>,
  auth: Auth<unknown>,
  request: HttpRequest,
): Promise<Refusal | undefined> {
  try {
    // Not every truthy value: a condition that returns an object by mistake must not admit.
    if ((await policy.condition(auth, request)) === true) return undefined;
    return new Refusal('claim_insufficient', { expected: `the condition ${policy.name} to hold` });
  } catch (cause) {
    return new Refusal('callback_failed', { expected: `the condition ${policy.name} not to throw`, cause });
  }
}

function evaluateAll(
  policies: readonly Policy[],
  auth: Auth<unknown>,
  request: HttpRequest,
): MaybePromise<Refusal | undefined> {
  const [first, ...others] = policies;
  if (first === undefined) return new Refusal('internal_failure', { expected: 'a policy in allOf' });
  return chain(evaluatePolicy(first, auth, request), (refusal) =>
    refusal !== undefined || others.length === 0 ? refusal : evaluateAll(others, auth, request),
  );
}

const failures: readonly AccessErrorCode[] = ['callback_failed', 'internal_failure'];

/** What failed on our side is not an alternative that did not hold: whether it would have is unknown. */
function evaluateAny(
  policies: readonly Policy[],
  auth: Auth<unknown>,
  request: HttpRequest,
): MaybePromise<Refusal | undefined> {
  const [first, ...others] = policies;
  if (first === undefined) return new Refusal('internal_failure', { expected: 'a policy in anyOf' });
  return chain(evaluatePolicy(first, auth, request), (refusal) => {
    if (refusal === undefined || failures.includes(refusal.code) || others.length === 0) return refusal;
    // The answer is the first one's, unless another one holds or fails on our side.
    return chain(evaluateAny(others, auth, request), (other) =>
      other === undefined || failures.includes(other.code) ? other : refusal,
    );
  });
}
