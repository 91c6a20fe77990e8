import type { World } from './world.js';

/** A common mistake. */
export interface Mistake {
  readonly mistake: string;
  /** The error that it causes. */
  readonly message: string;
  /** How to fix it. */
  readonly fix: string;
  /** Makes the mistake, and returns the error. */
  readonly make: (world: World) => Promise<string>;
}
