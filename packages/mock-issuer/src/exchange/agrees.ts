import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../judge.js';

/** Whether `held` has all that `named` names, which must be something. What is no object names nothing. */
export function agrees(named: unknown, held: Readonly<JsonObject>): boolean {
  if (!isObject(named)) return false;
  const members = Object.entries(named);
  return members.length > 0 && members.every(([name, value]) => holds(held, name, value));
}

// Only members of its own: neither what every object inherits nor what is undefined on both sides is anybody's key or name.
function holds(held: Readonly<JsonObject>, name: string, value: unknown): boolean {
  return Object.hasOwn(held, name) && isDeepStrictEqual(held[name], value);
}
