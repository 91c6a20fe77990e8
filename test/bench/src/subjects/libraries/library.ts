import type { Attempt } from '../../measure/in-flight.js';
import type { Documented } from '../configuration.js';
import type { Algorithm, World } from '../world.js';

/** A library that validates tokens in this process. */
export interface Library extends Documented {
  readonly algorithms: readonly Algorithm[];
  /** Verifies the signature only: a lower limit of the cost, not an alternative. */
  readonly isLimit?: boolean;
  /** The options, as printed. */
  configuration(world: World): unknown;
  open(world: World): Promise<OpenLibrary>;
}

export interface OpenLibrary {
  /** Converts a token to the input of the library; not measured. */
  prepare(token: string): Attempt;
  accepts(outcome: unknown): boolean;
  close?(): Promise<void>;
}

/** For libraries that return the claims, and throw for a bad token. */
export const acceptsWhatReturns = (): boolean => true;
