/** A value of any kind as a row of a table. Vitest would spread a bare array into arguments. */
export interface Row<T> {
  readonly value: T;
  /** As JSON, for the name of the test. */
  readonly written: string;
}

export function rows<T>(values: readonly T[]): Row<T>[] {
  return values.map((value) => ({ value, written: JSON.stringify(value) ?? 'absent' }));
}
