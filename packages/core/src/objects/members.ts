/*
 * One polluted `Object.prototype`, a common fault of other packages in the same process, must not change what a check
 * decides. A property read such as `options.credentials` searches the prototype chain and finds a polluted value where the
 * object has none of its own. The functions here never return a value that stands on `Object.prototype`.
 */

/** The value of an own property; `undefined` where there is none. For objects that were written as literals. */
export function own<T extends object, Name extends keyof T>(object: T, name: Name): T[Name] | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The value of an own property or of one of the object's classes. For objects of other packages and of Node. */
export function memberOf(object: object, name: string): unknown {
  // Without pollution a plain read gives the same value, and is faster on the path of every request.
  if (!(name in Object.prototype)) return (object as Record<string, unknown>)[name];
  return holderOf(object, name) === undefined ? undefined : Reflect.get(object, name);
}

/** Whether the object or one of its classes has the property. */
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
