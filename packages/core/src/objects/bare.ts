/**
 * A copy of `members` without a prototype. An absent property is `undefined`, even if
 * `Object.prototype` is polluted.
 *
 * For our own objects with optional members, and for options of Node's and lru-cache's functions,
 * which read options through the prototype.
 */
export function bare<T extends object>(members: T): T {
  return Object.assign(emptyBare(), members);
}

/**
 * An empty object without a prototype.
 *
 * V8 stores the result of `Object.create(null)` as a hash table with a separate hidden class per
 * object, which is slow to freeze and to collect. V8 may allocate the objects of a literal in the
 * old generation. An instance of a class has neither disadvantage.
 */
export function emptyBare(): object {
  return Object.setPrototypeOf(new Bare(), null) as object;
}

class Bare {}
