/**
 * What the state file keeps. To keep one more thing: give it these two methods, `snapshot` with data that JSON can hold and `restore` with
 * the readers of `read.ts`, and name it in the `stores` of who makes it (`authorizationServer`, `knownClients`, `deviceServer`; `reset()`
 * empties them, too) or in `createMockIssuer` (`state.begin`). The name is that of its part in the file; a file without the part leaves the
 * thing empty, so that older files stay good. What changes the meaning of a part that is there already needs another `VERSION` in
 * `state-file.ts`.
 */
export interface Persistent {
  /** The content of this moment, as JSON can hold it, and without references to what changes; `undefined` for nothing. */
  snapshot(): unknown;
  /**
   * Takes a content back, which anybody may have written. Called once at most, before the first request.
   *
   * @throws Misfit where the data is not what {@link snapshot} gives.
   */
  restore(data: unknown): void;
}

/** A memory that `reset()` empties and the state file keeps, unless its `snapshot` gives `undefined`. */
export interface Store extends Persistent {
  clear(): void;
}

/** Stands where nothing is to be kept. */
export const nothingKept: Persistent = { snapshot: () => undefined, restore: () => {} };
