/** Runs `work` while `Object.prototype` has these members, as a merged JSON body would add them. */
export async function polluted<T>(members: Readonly<Record<string, unknown>>, work: () => T | Promise<T>): Promise<T> {
  for (const [name, value] of Object.entries(members)) {
    (Object.prototype as Record<string, unknown>)[name] = value;
  }
  try {
    return await work();
  } finally {
    for (const name of Object.keys(members)) Reflect.deleteProperty(Object.prototype, name);
  }
}
