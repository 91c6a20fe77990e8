import { ConfigurationError } from '../errors.js';
import { isScopeToken } from '../model/scope-token.js';
import { isPlainObject, stringList } from './assert.js';

/**
 * Follows the implications of every scope to their end, so that a request looks up one set.
 *
 * @returns for each scope, every scope it implies, directly or through others
 */
export function parseScopeImplies(option: string, value: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  if (!isPlainObject(value)) throw new ConfigurationError(option, 'must be a plain object of lists of scopes');
  const direct = new Map(
    Object.entries(value).map(([name, implied]) => [name, stringList(`${option}.${name}`, implied)]),
  );
  for (const [name, implied] of direct) {
    const wrong = [name, ...implied].find((scope) => !isScopeToken(scope));
    if (wrong !== undefined) throw new ConfigurationError(option, `${JSON.stringify(wrong)} is not a scope`);
  }
  return new Map([...direct.keys()].map((name) => [name, reachable(name, direct)]));
}

function reachable(start: string, direct: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>([start]);
  // A set is walked in the order of insertion, what is added on the way included.
  for (const name of found) for (const implied of direct.get(name) ?? []) found.add(implied);
  return found;
}
