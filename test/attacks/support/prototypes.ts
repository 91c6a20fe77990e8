/** The properties that every object of this process inherits, for a later comparison. */
export function prototypes(): ReadonlyMap<object, ReadonlyMap<PropertyKey, PropertyDescriptor | undefined>> {
  return new Map([Object.prototype, Array.prototype, Function.prototype, String.prototype].map(snapshotOf));
}

function snapshotOf(prototype: object) {
  const descriptors = Reflect.ownKeys(prototype).map(
    (name) => [name, Object.getOwnPropertyDescriptor(prototype, name)] as const,
  );
  return [prototype, new Map<PropertyKey, PropertyDescriptor | undefined>(descriptors)] as const;
}
