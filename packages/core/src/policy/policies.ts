import { ConfigurationError } from '../errors.js';
import type { Condition, Policy } from '../model/policy.js';
import { isScopeToken } from '../model/scope-token.js';
import { memberOf } from '../objects/members.js';

/** Policies that this module has created: already checked, and deeply frozen. */
const checked = new WeakSet<object>();

function create(policy: Policy): Policy {
  checked.add(policy);
  return Object.freeze(policy);
}

/**
 * Scope names as separate arguments, as one array, or as one string with spaces between them.
 *
 * @see RFC 6749 section 3.3
 */
export type ScopeNames = readonly string[] | readonly [readonly string[]];

/**
 * Policy: the token must have all of these scopes. A scope that implies another one by
 * `scopeImplies` counts as both. A refusal is 403 with the scopes in the challenge.
 *
 * @param names `scope('a', 'b')`, `scope(['a', 'b'])` and `scope('a b')` mean the same
 * @throws {ConfigurationError} for an empty list, and for a name with characters that a scope
 *   cannot have
 * @see RFC 6749 section 3.3
 * @see RFC 6750 section 3.1
 * @example
 * import { scope } from '@resource-server/core';
 *
 * const policy = scope('read', 'write');
 */
export function scope(...names: ScopeNames): Policy {
  return create({ kind: 'scope', scopes: readScopeNames('scope', names) });
}

/**
 * Policy: the token must have at least one of these scopes. A refusal is 403; the challenge lists
 * all of them.
 *
 * @throws {ConfigurationError} for the same names as {@link scope}
 * @see RFC 6749 section 3.3
 * @example
 * import { anyScope } from '@resource-server/core';
 *
 * const policy = anyScope('read', 'admin');
 */
export function anyScope(...names: ScopeNames): Policy {
  return create({ kind: 'anyScope', scopes: readScopeNames('anyScope', names) });
}

/**
 * Policy: a claim must be identical to `value`, or an array that contains it. The claim is read
 * from `auth.claims`, which is the output of the `claims` schema where one is configured. Nested
 * claims are NOT searched.
 *
 * @param name name of a top-level claim
 * @param value compared with `===`, without conversion: `1` and `'1'` differ
 * @throws {ConfigurationError} for an empty name, and for a value that is not a string, a number or
 *   a boolean
 * @example
 * import { claim } from '@resource-server/core';
 *
 * const policy = claim('department', 'hr');
 */
export function claim(name: string, value: string | number | boolean): Policy {
  if (typeof name !== 'string' || name === '')
    throw new ConfigurationError('claim', 'needs the name of a claim as a non-empty string');
  if (!isComparable(value)) {
    throw new ConfigurationError(
      'claim',
      `needs a string, a number or a boolean as value; found a value of type ${typeof value}`,
    );
  }
  return create({ kind: 'claim', name, value });
}

/**
 * Policy: a condition of the application. It is satisfied only by the result `true`; every other
 * result is 403. A thrown error or a rejection is 500, and the handler does not run.
 *
 * @param name appears in logs; it is never sent to the client
 * @param condition called with the validated token and the request. The request has no parsed
 *   headers and no body. In `checkToken`, and in `authorize` without a request, reading any member
 *   of it throws.
 * @throws {ConfigurationError} for an empty name, and for a condition that is not a function
 * @example
 * import { where } from '@resource-server/core';
 *
 * const policy = where('office hours', () => new Date().getHours() < 18);
 */
export function where(name: string, condition: Condition): Policy {
  if (typeof name !== 'string' || name === '')
    throw new ConfigurationError('where', 'needs a name as a non-empty string');
  if (typeof condition !== 'function') throw new ConfigurationError('where', 'needs a function as condition');
  return create({ kind: 'where', name, condition });
}

/**
 * Policy: all of these policies must be satisfied. They are evaluated in order, and the first one
 * that is not satisfied determines the refusal.
 *
 * @throws {ConfigurationError} for an empty list, and for a value that is not a policy
 * @example
 * import { allOf, claim, scope } from '@resource-server/core';
 *
 * const policy = allOf(scope('admin'), claim('department', 'hr'));
 */
export function allOf(...policies: readonly Policy[]): Policy {
  return create({ kind: 'allOf', policies: readPolicies('allOf', policies) });
}

/**
 * Policy: at least one of these policies must be satisfied. They are evaluated in order. When none
 * is satisfied, the first one determines the refusal. A condition that throws ends the evaluation
 * with 500.
 *
 * @throws {ConfigurationError} for an empty list, and for a value that is not a policy
 * @example
 * import { anyOf, claim, scope } from '@resource-server/core';
 *
 * const policy = anyOf(scope('admin'), claim('department', 'hr'));
 */
export function anyOf(...policies: readonly Policy[]): Policy {
  return create({ kind: 'anyOf', policies: readPolicies('anyOf', policies) });
}

/**
 * Checks that `value` is a policy, including all nested policies.
 *
 * @param option name for the error
 * @throws {ConfigurationError} for another value
 */
export function assertPolicy(option: string, value: unknown): asserts value is Policy {
  if (checked.has(value as object)) return;
  const names = ['kind', 'scopes', 'policies', 'name', 'value', 'condition'];
  const [kind, scopes, policies, name, wanted, condition] = names.map((member) => memberOf(Object(value), member));
  const isKind = {
    // The spread turns holes into `undefined`. `every` skips holes, so that an array of holes would
    // pass as a list of scopes, and would require nothing.
    scope: () => isNonEmptyArray(scopes) && [...scopes].every(isScopeToken),
    anyScope: () => isNonEmptyArray(scopes) && [...scopes].every(isScopeToken),
    claim: () => typeof name === 'string' && isComparable(wanted),
    where: () => typeof condition === 'function',
    allOf: () => isNonEmptyArray(policies),
    anyOf: () => isNonEmptyArray(policies),
  };
  if (typeof kind !== 'string' || !Object.hasOwn(isKind, kind) || !isKind[kind as Policy['kind']]()) {
    throw new ConfigurationError(option, 'must be a policy; make one with scope(), anyScope(), claim(), where() …');
  }
  if (kind === 'allOf' || kind === 'anyOf') for (const policy of policies as unknown[]) assertPolicy(option, policy);
}

function isComparable(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isNonEmptyArray(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function readPolicies(option: string, policies: readonly Policy[]): readonly Policy[] {
  if (policies.length === 0) throw new ConfigurationError(option, 'needs at least one policy');
  for (const policy of policies) assertPolicy(option, policy);
  return Object.freeze(policies.map(frozenCopy));
}

/** Copies a hand-written policy object, so that the caller cannot change it afterwards. */
function frozenCopy(policy: Policy): Policy {
  if (checked.has(policy)) return policy;
  switch (policy.kind) {
    case 'scope':
      return scope(policy.scopes);
    case 'anyScope':
      return anyScope(policy.scopes);
    case 'claim':
      return claim(policy.name, policy.value);
    case 'where':
      return where(policy.name, policy.condition);
    case 'allOf':
      return allOf(...policy.policies);
    case 'anyOf':
      return anyOf(...policy.policies);
  }
}

/** An empty list is an error, because a guard without a scope would accept every token. */
function readScopeNames(option: string, names: ScopeNames): readonly string[] {
  const words = names.flat().flatMap((name) => (typeof name === 'string' ? name.split(' ') : [name]));
  const scopes = [...new Set(words)].filter((word) => word !== '');
  if (scopes.length === 0) throw new ConfigurationError(option, 'needs at least one scope');
  const wrong = scopes.findIndex((word) => !isScopeToken(word));
  if (wrong !== -1) {
    const what =
      typeof scopes[wrong] === 'string' ? JSON.stringify(scopes[wrong]) : `a value of type ${typeof scopes[wrong]}`;
    throw new ConfigurationError(option, `${what} is not a scope (RFC 6749 section 3.3)`);
  }
  return Object.freeze(scopes);
}
