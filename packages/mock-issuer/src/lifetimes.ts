import { judge, type Rule } from './judge.js';

/** How long what the endpoints hand out is good for, by the issuer's clock; whole seconds from 1 to a hundred years. */
export interface LifetimeOptions {
  /** Access tokens of the token endpoint. Default 300. */
  readonly accessTokenSeconds?: number;
  /** Authorization codes, 600 at most (RFC 6749 section 4.1.2). Default 60. */
  readonly codeSeconds?: number;
  /** Pushed authorization requests, 600 at most (RFC 9126 section 2.2). Default 60. */
  readonly pushedRequestSeconds?: number;
  /** Device codes and the user codes that go with them. Default 600. */
  readonly deviceCodeSeconds?: number;
  /** Refresh tokens that are not used. Default 1209600, two weeks. */
  readonly refreshTokenIdleSeconds?: number;
  /** Refresh tokens from the first one of a grant on, however often they are used. Default 7776000, ninety days. */
  readonly refreshTokenSeconds?: number;
}

/** The options, judged, with defaults filled in. */
export type Lifetimes = Required<LifetimeOptions>;

/** A moment that is no further away can be added up, dated, and read from a file again. */
const HUNDRED_YEARS_SECONDS = 3_155_760_000;

const seconds: Rule = {
  expected: `a whole number of seconds from 1 to ${HUNDRED_YEARS_SECONDS}`,
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= HUNDRED_YEARS_SECONDS,
};

const tenMinutes: Rule = {
  expected: 'a whole number of seconds from 1 to 600',
  accepts: (value) => seconds.accepts(value) && Number(value) <= 600,
};

const rules: Readonly<Record<keyof LifetimeOptions, Rule>> = {
  accessTokenSeconds: seconds,
  codeSeconds: tenMinutes,
  pushedRequestSeconds: tenMinutes,
  deviceCodeSeconds: seconds,
  refreshTokenIdleSeconds: seconds,
  refreshTokenSeconds: seconds,
};

/** @throws TypeError naming the member that is unknown or ill-typed. */
export function judgeLifetimes(options: LifetimeOptions): Lifetimes {
  judge("createMockIssuer: 'lifetimes'", options, rules);
  return {
    accessTokenSeconds: options.accessTokenSeconds ?? 300,
    codeSeconds: options.codeSeconds ?? 60,
    pushedRequestSeconds: options.pushedRequestSeconds ?? 60,
    deviceCodeSeconds: options.deviceCodeSeconds ?? 600,
    refreshTokenIdleSeconds: options.refreshTokenIdleSeconds ?? 14 * 24 * 3600,
    refreshTokenSeconds: options.refreshTokenSeconds ?? 90 * 24 * 3600,
  };
}
