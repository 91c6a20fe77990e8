import type { World } from './world.js';

/** A mistake that people make. */
export interface Mistake {
  readonly mistake: string;
  /** What it is answered with. */
  readonly message: string;
  readonly mend: string;
  /** Makes the mistake, and returns what it was answered with. */
  readonly make: (world: World) => Promise<string>;
}
