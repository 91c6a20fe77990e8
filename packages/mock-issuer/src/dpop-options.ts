import { judge, type Rule } from './judge.js';

/** What is asked of DPoP proofs at the endpoints (RFC 9449). */
export interface DpopOptions {
  /** Proofs must have a nonce of this issuer (RFC 9449 section 8). Default false. */
  readonly nonces?: boolean;
  /** Seconds after which there is another nonce, whole, from 1; the one before is good for as long again. Default 60. */
  readonly nonceSeconds?: number;
}

/** The options, judged, with defaults filled in. */
export type DpopSettings = Required<DpopOptions>;

const rules: Readonly<Record<keyof DpopOptions, Rule>> = {
  nonces: { expected: 'a boolean', accepts: (value) => typeof value === 'boolean' },
  nonceSeconds: {
    expected: 'a whole number of seconds, 1 or more',
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  },
};

/** @throws TypeError naming the member that is unknown or ill-typed. */
export function judgeDpop(options: DpopOptions): DpopSettings {
  judge("createMockIssuer: 'dpop'", options, rules);
  return { nonces: options.nonces ?? false, nonceSeconds: options.nonceSeconds ?? 60 };
}
