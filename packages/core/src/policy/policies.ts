import { ConfigurationError } from '../errors.js';
import type { Condition, Policy } from '../model/policy.js';
import { isScopeToken } from '../model/scope-token.js';
import { memberOf } from '../objects/members.js';

/** Policies that were made here: judged already, and frozen all the way down. */
const ours = new WeakSet<object>();

function made(policy: Policy): Policy {
  ours.add(policy);
  return Object.freeze(policy);
}

/** Scope names: one by one, as a list, or space-separated as on the wire. */
export type ScopeNames = readonly string[] | readonly [readonly string[]];

/**
 * The token must carry all of these scopes (RFC 6749 section 3.3).
 *
 * @example scope('read', 'write')   // the same as scope(['read', 'write']) and scope('read write')
 * @throws {ConfigurationError} without a scope, or for one that no token can carry
 */
export function scope(...names: ScopeNames): Policy {
  return made({ kind: 'scope', scopes: readScopeNames('scope', names) });
}

/**
 * The token must carry at least one of these scopes.
 *
 * @throws {ConfigurationError} as {@link scope}
 */
export function anyScope(...names: ScopeNames): Policy {
  return made({ kind: 'anyScope', scopes: readScopeNames('anyScope', names) });
}

/**
 * A claim must be exactly `value`, or a list that contains it. Looks at `auth.claims`: with a
 * `claims` schema, at what the schema made of them.
 *
 * @throws {ConfigurationError} without a name, or for a value that is no string, number or boolean
 */
export function claim(name: string, value: string | number | boolean): Policy {
  if (typeof name !== 'string' || name === '') throw new ConfigurationError('claim', 'needs the name of a claim');
  if (!isComparable(value)) {
    throw new ConfigurationError('claim', 'compares with a string, a number or a boolean');
  }
  return made({ kind: 'claim', name, value });
}

/**
 * A condition of your own. Only the answer `true` admits; a throw or a rejection is 500 and the
 * handler does not run.
 *
 * @param name for logs; the client does not see it
 * @param condition the request it gets has no parsed header object and no body; where there is none
 *   (`checkToken`, `authorize` without a request), reading any member of it throws
 */
export function where(name: string, condition: Condition): Policy {
  if (typeof name !== 'string' || name === '') throw new ConfigurationError('where', 'needs a name');
  if (typeof condition !== 'function') throw new ConfigurationError('where', 'needs a function');
  return made({ kind: 'where', name, condition });
}

/** Every one of these policies must hold; they are asked in order. */
export function allOf(...policies: readonly Policy[]): Policy {
  return made({ kind: 'allOf', policies: readPolicies('allOf', policies) });
}

/** At least one of these policies must hold. When none does, the refusal is the first one's. */
export function anyOf(...policies: readonly Policy[]): Policy {
  return made({ kind: 'anyOf', policies: readPolicies('anyOf', policies) });
}

/**
 * Checks that `value` is a policy, all the way down.
 *
 * @param option what to name in the error
 */
export function assertPolicy(option: string, value: unknown): asserts value is Policy {
  if (ours.has(value as object)) return;
  const names = ['kind', 'scopes', 'policies', 'name', 'value', 'condition'];
  const [kind, scopes, policies, name, wanted, condition] = names.map((member) => memberOf(Object(value), member));
  const isKind = {
    // Spread, since `every` passes over holes, and a list of nothing but holes asks for nothing.
    scope: () => isNonEmptyArray(scopes) && [...scopes].every(isScopeToken),
    anyScope: () => isNonEmptyArray(scopes) && [...scopes].every(isScopeToken),
    claim: () => typeof name === 'string' && isComparable(wanted),
    where: () => typeof condition === 'function',
    allOf: () => isNonEmptyArray(policies),
    anyOf: () => isNonEmptyArray(policies),
  };
  if (typeof kind !== 'string' || !Object.hasOwn(isKind, kind) || !isKind[kind as Policy['kind']]()) {
    throw new ConfigurationError(option, 'is not a policy; make one with scope(), anyScope(), claim(), where() …');
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
  return Object.freeze(policies.map(adopt));
}

/** A policy of ours; one that was written by hand is made again, so that nobody else can change it afterwards. */
function adopt(policy: Policy): Policy {
  if (ours.has(policy)) return policy;
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

/** An empty list would be a guard that guards nothing, and is never what was meant. */
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
