const addressesByName = new Map<string, readonly string[]>();

/** Sets the addresses of a name. All other names do not exist. */
export function resolveTo(name: string, ...addresses: readonly string[]): void {
  addressesByName.set(name, addresses);
}

export function clearNames(): void {
  addressesByName.clear();
}

/** Replaces the `Resolver` of `node:dns/promises`, so that no name server is queried. */
export class ScriptedResolver {
  async resolve4(name: string): Promise<readonly string[]> {
    return addressesOf(name, (address) => !address.includes(':'));
  }

  async resolve6(name: string): Promise<readonly string[]> {
    return addressesOf(name, (address) => address.includes(':'));
  }
}

function addressesOf(name: string, isOfFamily: (address: string) => boolean): readonly string[] {
  const found = addressesByName.get(name)?.filter(isOfFamily) ?? [];
  if (found.length === 0) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  return found;
}
