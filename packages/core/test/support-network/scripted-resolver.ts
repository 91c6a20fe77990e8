const known = new Map<string, readonly string[]>();

/** What a name resolves to from now on. Of all other names nobody knows. */
export function resolveTo(name: string, ...addresses: readonly string[]): void {
  known.set(name, addresses);
}

export function forgetNames(): void {
  known.clear();
}

/** Stands in for the `Resolver` of `node:dns/promises`, so that no name server is asked. */
export class ScriptedResolver {
  async resolve4(name: string): Promise<readonly string[]> {
    return addressesOf(name, (address) => !address.includes(':'));
  }

  async resolve6(name: string): Promise<readonly string[]> {
    return addressesOf(name, (address) => address.includes(':'));
  }
}

function addressesOf(name: string, isOfFamily: (address: string) => boolean): readonly string[] {
  const found = known.get(name)?.filter(isOfFamily) ?? [];
  if (found.length === 0) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  return found;
}
