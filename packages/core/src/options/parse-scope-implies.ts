import { ConfigurationError } from '../errors.js';
import { isScopeToken } from '../model/scope-token.js';
import { isPlainObject, stringList } from './assert.js';

/**
 * Computes the transitive closure of the implications at start-up. A request then needs one
 * look-up.
 *
 * @returns for each scope, the scope itself and every scope it implies, directly or transitively
 * @throws {ConfigurationError} naming the option
 */
export function parseScopeImplies(option: string, value: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  if (!isPlainObject(value))
    throw new ConfigurationError(option, 'must be a plain object that maps each scope to an array of scopes');
  const direct = new Map(
    Object.entries(value).map(([name, implied]) => [name, stringList(`${option}.${name}`, implied)]),
  );
  for (const [name, implied] of direct) {
    const wrong = [name, ...implied].find((scope) => !isScopeToken(scope));
    if (wrong !== undefined)
      throw new ConfigurationError(option, `${JSON.stringify(wrong)} is not a scope (RFC 6749 section 3.3)`);
  }
  return new Map([...direct.keys()].map((name) => [name, reachable(name, direct)]));
}

function reachable(start: string, direct: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>([start]);
  // The loop also visits the scopes that it adds: a Set iterates in the order of insertion.
  for (const name of found) for (const implied of direct.get(name) ?? []) found.add(implied);
  return found;
}
