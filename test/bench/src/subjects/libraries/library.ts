import type { Attempt } from '../../measure/in-flight.js';
import type { Documented } from '../configuration.js';
import type { Algorithm, World } from '../world.js';

/** A library that validates tokens in this process. */
export interface Library extends Documented {
  readonly algorithms: readonly Algorithm[];
  /** Only the signature is checked: a limit, no alternative. */
  readonly isLimit?: boolean;
  /** Its options, as printed. */
  configuration(world: World): unknown;
  open(world: World): Promise<OpenLibrary>;
}

export interface OpenLibrary {
  /** Puts a token into the form in which the library is asked about it; not measured. */
  prepare(token: string): Attempt;
  admits(outcome: unknown): boolean;
  close?(): Promise<void>;
}

/** The verdict of libraries that return the claims, and throw at a bad token. */
export const whatReturnsAdmits = (): boolean => true;
