/*
 * A handler that tampers with everything that it received: it writes to every reachable object,
 * deletes its members and replaces its prototype. The test does not check whether this succeeds,
 * but whether the next request gets another decision.
 */

/**
 * Prototypes of the platform: code that changes those controls the whole process, not one request.
 */
const platform: ReadonlySet<unknown> = new Set(
  [Object, Array, Function, Error, String, Number, Boolean, Set, Map, Promise, URL].map(({ prototype }) => prototype),
);

/** Tries to change `value`, everything reachable from it, and its own prototypes. */
export function vandalise(value: unknown, seen: Set<unknown> = new Set()): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
  if (platform.has(value) || seen.has(value)) return;
  seen.add(value);
  const names = Reflect.ownKeys(value);
  for (const name of names) vandalise(Reflect.getOwnPropertyDescriptor(value, name)?.value, seen);
  const prototype = Reflect.getPrototypeOf(value);
  // The prototype of our errors inherits from the platform's Error, so tampering with it is out of
  // scope.
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
    // The object is frozen, as intended.
  }
}
