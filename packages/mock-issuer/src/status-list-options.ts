import { isHeaderValue, judge, type Rule } from './judge.js';
import type { StatusBits } from './stores/status-store.js';

/** How the status list is made (draft-ietf-oauth-status-list sections 4 and 5). */
export interface StatusListOptions {
  /** Bits of one status: 1, 2, 4 or 8. Default 2, which holds all statuses that have a name. */
  readonly bits?: StatusBits;
  /** How many statuses the list begins with, 1 to 1 000 000; it becomes twice as long when it is full. Default 1024. */
  readonly size?: number;
  /** The `ttl` of the list: seconds after which it should be fetched anew, whole, from 1; `null` leaves it out. Default 300. */
  readonly ttlSeconds?: number | null;
  /** Seconds from `iat` to the `exp` of the list, whole, from 1; `null` leaves it out. Default 3600. */
  readonly expiresInSeconds?: number | null;
  /** `Cache-Control` of the list. Default: the header is not sent. */
  readonly cacheControl?: string;
}

/** The options, judged, with defaults filled in. */
export interface StatusListSettings {
  readonly bits: StatusBits;
  readonly size: number;
  readonly ttlSeconds: number | null;
  readonly expiresInSeconds: number | null;
  readonly cacheControl: string | undefined;
}

const isSeconds = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1;

const seconds: Rule = {
  expected: 'a whole number of seconds, 1 or more, or null',
  accepts: (value) => value === null || isSeconds(value),
};

const rules: Readonly<Record<keyof StatusListOptions, Rule>> = {
  bits: { expected: '1, 2, 4 or 8', accepts: (value) => [1, 2, 4, 8].some((bits) => bits === value) },
  size: {
    expected: 'a whole number from 1 to 1000000',
    accepts: (value) => isSeconds(value) && Number(value) <= 1_000_000,
  },
  ttlSeconds: seconds,
  expiresInSeconds: seconds,
  cacheControl: { expected: 'a header value', accepts: isHeaderValue },
};

/** @throws TypeError naming the member that is unknown or ill-typed. */
export function judgeStatusList(options: StatusListOptions): StatusListSettings {
  judge("createMockIssuer: 'statusList'", options, rules);
  const { bits = 2, size = 1024, ttlSeconds = 300, expiresInSeconds = 3600, cacheControl } = options;
  return { bits, size, ttlSeconds, expiresInSeconds, cacheControl };
}
