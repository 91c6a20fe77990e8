import type { AccessErrorCode } from '../errors.js';
import type { Auth } from '../model/auth.js';
import { chain, type MaybePromise } from '../model/maybe-promise.js';
import type { Policy } from '../model/policy.js';
import { Refusal, shown } from '../model/refusal.js';
import type { HttpRequest } from '../model/request.js';

/**
 * Evaluates the policy of a route for an authenticated request. This is the only function that
 * interprets a policy; a policy of an unknown kind refuses the request.
 *
 * @returns `undefined` when the policy is satisfied
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
        : scopeInsufficient(`all of the scopes: ${policy.scopes.join(' ')}`, auth);
    case 'anyScope':
      return policy.scopes.some((name) => auth.hasScope(name))
        ? undefined
        : scopeInsufficient(`one of the scopes: ${policy.scopes.join(' ')}`, auth);
    case 'claim':
      return hasClaim(auth.claims, policy.name, policy.value)
        ? undefined
        : new Refusal('claim_insufficient', { expected: `the claim ${policy.name} to have the required value` });
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

/** Whether the evaluation of `policy` may read the request. */
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

/**
 * The scopes that a client needs, so that the scope policies in `policy` are satisfied. They become
 * the `scope` of the challenge (RFC 6750 section 3).
 */
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
    // Only `true` satisfies the policy. A condition may return an object by mistake, which is
    // truthy.
    if ((await policy.condition(auth, request)) === true) return undefined;
    return new Refusal('claim_insufficient', { expected: `the condition ${policy.name} to return true` });
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
  if (first === undefined) return new Refusal('internal_failure', { expected: 'at least one policy in allOf' });
  return chain(evaluatePolicy(first, auth, request), (refusal) =>
    refusal !== undefined || others.length === 0 ? refusal : evaluateAll(others, auth, request),
  );
}

const failures: readonly AccessErrorCode[] = ['callback_failed', 'internal_failure'];

/**
 * A failure of the server (500) is not an alternative that is not satisfied: the outcome of that
 * alternative is unknown. It therefore ends the evaluation.
 */
function evaluateAny(
  policies: readonly Policy[],
  auth: Auth<unknown>,
  request: HttpRequest,
): MaybePromise<Refusal | undefined> {
  const [first, ...others] = policies;
  if (first === undefined) return new Refusal('internal_failure', { expected: 'at least one policy in anyOf' });
  return chain(evaluatePolicy(first, auth, request), (refusal) => {
    if (refusal === undefined || failures.includes(refusal.code) || others.length === 0) return refusal;
    // The first alternative determines the refusal, unless another one is satisfied or fails.
    return chain(evaluateAny(others, auth, request), (other) =>
      other === undefined || failures.includes(other.code) ? other : refusal,
    );
  });
}
