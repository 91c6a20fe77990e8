/*
 * What a handler may try on what it was given: everything that can be reached from it is written to, taken from, and
 * given another prototype. Whether it succeeds is not asked here; what the next request gets is.
 */

/** Prototypes of the platform: who changes those has the process, not just a request. */
const platform: ReadonlySet<unknown> = new Set(
  [Object, Array, Function, Error, String, Number, Boolean, Set, Map, Promise, URL].map(({ prototype }) => prototype),
);

/** Tries to change `value`, whatever it holds, and its own prototypes. */
export function vandalise(value: unknown, seen: Set<unknown> = new Set()): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
  if (platform.has(value) || seen.has(value)) return;
  seen.add(value);
  const names = Reflect.ownKeys(value);
  for (const name of names) vandalise(Reflect.getOwnPropertyDescriptor(value, name)?.value, seen);
  const prototype = Reflect.getPrototypeOf(value);
  // Of our errors the prototype, a class of its own for each kind, is what Error's is: the platform's affair.
  if (!(value instanceof Error)) vandalise(prototype, seen);
  for (const name of [...names, 'granted', 'auth', 'scopes', 'audience', 'hasScope', 'token', 'status', 'push']) {
    spoil(value, name);
  }
  if (Array.isArray(value)) attempt(() => value.push('admin', ['X-Evil', '1']));
  if (value instanceof Set || value instanceof Map) attempt(() => value.clear());
  Reflect.setPrototypeOf(value, { hasScope: () => true, granted: true });
}

function spoil(target: object, name: PropertyKey): void {
  const evil = name === 'hasScope' ? () => true : ['admin', 'write'];
  attempt(() => Reflect.set(target, name, evil));
  attempt(() => Reflect.defineProperty(target, name, { get: () => evil, configurable: true, enumerable: true }));
  attempt(() => Reflect.deleteProperty(target, name));
}

function attempt(change: () => unknown): void {
  try {
    change();
  } catch {
    // Frozen: as it should be.
  }
}
