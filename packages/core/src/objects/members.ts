/*
 * A polluted `Object.prototype` is a common fault of other packages in the same process. It must
 * not change the result of a check. A property read such as `options.credentials` searches the
 * prototype chain and finds the polluted value if the object has no own property of that name. The
 * functions here never return a value from `Object.prototype`.
 */

/** The value of an own property, or `undefined`. For objects that were created as literals. */
export function own<T extends object, Name extends keyof T>(object: T, name: Name): T[Name] | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * The value of an own property or of one inherited from a class. For objects of other packages and
 * of Node.
 */
export function memberOf(object: object, name: string): unknown {
  // Without pollution a plain read returns the same value. It is faster, and runs on every request.
  if (!(name in Object.prototype)) return (object as Record<string, unknown>)[name];
  return holderOf(object, name) === undefined ? undefined : Reflect.get(object, name);
}

/** Whether the object has the property, own or inherited from a class. */
export function hasMember(object: object, name: string): boolean {
  if (!(name in Object.prototype)) return name in object;
  return holderOf(object, name) !== undefined;
}

/** The object of the prototype chain that has the property, `Object.prototype` excluded. */
function holderOf(object: object, name: string): object | undefined {
  for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (holder === Object.prototype) return undefined;
    if (Object.hasOwn(holder, name)) return holder;
  }
  return undefined;
}
