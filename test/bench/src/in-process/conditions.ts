import type { TokenKind } from '../subjects/tokens.js';

/** A condition under which the libraries are measured. */
export interface Condition {
  readonly name: string;
  readonly kind: TokenKind;
  readonly inFlight: number;
  /** Number of distinct tokens, used in rotation. */
  readonly tokens: number;
  readonly attempts: number;
  /** The same tokens in every round, so that the library has seen them before. */
  readonly isWarm?: boolean;
}

/** How many validations and rounds are measured. */
export interface Effort {
  /** Validations a round, for tokens that cost a signature verification. */
  readonly attempts: number;
  /** Measured rounds; one more round before them is the warm-up. */
  readonly rounds: number;
  /** Validations before all rounds, so that the code is compiled. */
  readonly warmUp: number;
}

export const full: Effort = { attempts: 600, rounds: 11, warmUp: 2500 };
export const brief: Effort = { attempts: 30, rounds: 2, warmUp: 10 };

export function coldConditions({ attempts }: Effort): readonly Condition[] {
  return [1, 8, 64].map((inFlight) => cold(inFlight, attempts));
}

export function pinnedConditions({ attempts }: Effort): readonly Condition[] {
  return [cold(64, attempts, ', one CPU')];
}

function cold(inFlight: number, attempts: number, suffix = ''): Condition {
  return { name: `cold, ${inFlight} in flight${suffix}`, kind: 'good', inFlight, tokens: attempts, attempts };
}

export function warmAndRefused({ attempts }: Effort): readonly Condition[] {
  const inFlight = 64;
  return [
    { name: 'warm', kind: 'good', inFlight, tokens: Math.min(200, attempts), attempts: attempts * 5, isWarm: true },
    { name: 'garbage', kind: 'garbage', inFlight, tokens: attempts * 2, attempts: attempts * 2 },
    { name: 'forged kid', kind: 'forged kid', inFlight, tokens: attempts * 2, attempts: attempts * 2 },
    { name: 'expired', kind: 'expired', inFlight, tokens: attempts, attempts },
  ];
}
