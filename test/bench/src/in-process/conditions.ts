import type { TokenKind } from '../subjects/tokens.js';

/** Under what the libraries are measured. */
export interface Condition {
  readonly name: string;
  readonly kind: TokenKind;
  readonly inFlight: number;
  /** Distinct tokens; the attempts go round them. */
  readonly tokens: number;
  readonly attempts: number;
  /** The same tokens every round: not the first time that the library sees them. */
  readonly isWarm?: boolean;
}

/** How much is measured. */
export interface Effort {
  /** Attempts a round with tokens that cost a signature check. */
  readonly attempts: number;
  /** Rounds that count; one more comes first, to warm up. */
  readonly rounds: number;
  /** Attempts before everything, so that the code is compiled. */
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

function cold(inFlight: number, attempts: number, place = ''): Condition {
  return { name: `cold, ${inFlight} in flight${place}`, kind: 'good', inFlight, tokens: attempts, attempts };
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
