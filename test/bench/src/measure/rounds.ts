/**
 * Rotates the list by one position per round, so that no subject always runs first.
 */
export function rotated<T>(list: readonly T[], round: number): T[] {
  const at = list.length === 0 ? 0 : round % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** Readings by name, one per round. */
export class Readings {
  readonly #values = new Map<string, number[]>();

  add(name: string, value: number): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  of(name: string): readonly number[] {
    return this.#values.get(name) ?? [];
  }
}
