/**
 * A copy of `members` without a prototype: a property that is absent is `undefined`, whatever stands on
 * `Object.prototype`. For objects of ours with optional members, and for options of functions of Node and lru-cache,
 * which read theirs through the prototype.
 */
export function bare<T extends object>(members: T): T {
  return Object.assign(emptyBare(), members);
}

/**
 * An empty object without a prototype. Not made by `Object.create(null)`: V8 makes a hash table of that, with a hidden class
 * of its own for every object, which is slow to freeze and to collect. Nor of a literal, whose objects V8 may allocate among
 * the old.
 */
export function emptyBare(): object {
  return Object.setPrototypeOf(new Bare(), null) as object;
}

class Bare {}
