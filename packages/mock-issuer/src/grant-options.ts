import type { User } from './authorization/user.js';
import { isFilled, isFilledList, isObject, judge, type Rule } from './judge.js';
import { judgeLifetimes, type LifetimeOptions, type Lifetimes } from './lifetimes.js';

/** How refresh tokens are used. */
export interface RefreshTokenOptions {
  /**
   * Each use gives another refresh token, and the one that was used is no good any more. With `false`, as FAPI 2.0 has it, only refresh
   * tokens of public clients that no key binds do so (RFC 9700 section 4.14.2). Default true.
   */
  readonly rotate?: boolean;
  /**
   * Seconds for which one that was used can be used again, for clients that lost the answer; whole, 0 to 3600. For so long a thief can,
   * too. Default 0.
   */
  readonly graceSeconds?: number;
}

/** How devices wait for their users. */
export interface DeviceOptions {
  /** Seconds that a client leaves between two token requests, until it is told to slow down; whole, 1 to 60 (RFC 8628 section 3.2). Default 5. */
  readonly intervalSeconds?: number;
}

/** What clients can get, and from whom. */
export interface GrantOptions {
  /** Who can sign in; each `sub` is no one else's, and no client's `client_id`. Default: one user, `user-1`. */
  readonly users?: readonly User[];
  /**
   * What the authorization endpoint does with a request that is in order. `'auto'`: answers at once, as if the user of `login_hint`, or
   * else the first one, had signed in and said yes. `'pages'`: asks on a page who is there, and whether the client may. The verification
   * page for devices does the same once it has the user code. Default `'auto'`.
   */
  readonly interaction?: 'auto' | 'pages';
  /**
   * Values of `acr` that users can sign in with, the first without being asked for one (RFC 9470). Default: none, and requests for one are
   * refused.
   */
  readonly acrValues?: readonly string[];
  /**
   * What clients may name as `resource` (RFC 8707), and tokens have as `aud`: absolute URIs without a fragment. The `audience` of the
   * issuer and those of its resource servers may always be named. Default: none beside those.
   */
  readonly resources?: readonly string[];
  /** Types of `authorization_details` that may be asked for (RFC 9396 section 10). Default: none, and every one is refused. */
  readonly authorizationDetailsTypes?: readonly string[];
  /** Refuses authorization requests of every client that were not pushed (RFC 9126 section 5). Default false. */
  readonly requirePushedAuthorizationRequests?: boolean;
  /** How refresh tokens are used. */
  readonly refreshTokens?: RefreshTokenOptions;
  /** How devices wait for their users. */
  readonly device?: DeviceOptions;
  /** How long what is handed out is good for. */
  readonly lifetimes?: LifetimeOptions;
}

/** The options, judged, with defaults filled in. */
export interface GrantSettings extends Required<Omit<GrantOptions, 'refreshTokens' | 'device' | 'lifetimes'>> {
  readonly refreshTokens: Required<RefreshTokenOptions>;
  readonly device: Required<DeviceOptions>;
  readonly lifetimes: Lifetimes;
}

const isResource = (value: string): boolean => URL.canParse(value) && !value.includes('#');
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const names: Rule = { expected: 'an array, not empty, of strings without spaces', accepts: areNames };

function areNames(value: unknown): boolean {
  return isFilledList(value) && value.every((one) => !one.includes(' '));
}

/** The rules for {@link GrantOptions}. */
export const grantRules: Readonly<Record<keyof GrantOptions, Rule>> = {
  users: { expected: 'an array of users, not empty', accepts: (value) => Array.isArray(value) && value.length > 0 },
  interaction: { expected: 'one of auto, pages', accepts: (value) => value === 'auto' || value === 'pages' },
  acrValues: names,
  resources: {
    expected: 'an array, not empty, of absolute URIs without a fragment',
    accepts: (value) => isFilledList(value) && value.every(isResource),
  },
  authorizationDetailsTypes: names,
  requirePushedAuthorizationRequests: { expected: 'a boolean', accepts: isBoolean },
  refreshTokens: { expected: 'an object', accepts: isObject },
  device: { expected: 'an object', accepts: isObject },
  lifetimes: { expected: 'an object', accepts: isObject },
};

const userRules: Readonly<Record<keyof User, Rule>> = {
  sub: { expected: 'a string, not empty', accepts: isFilled },
  name: { expected: 'a string, not empty', accepts: isFilled },
};

const refreshRules: Readonly<Record<keyof RefreshTokenOptions, Rule>> = {
  rotate: { expected: 'a boolean', accepts: isBoolean },
  graceSeconds: {
    expected: 'a whole number of seconds from 0 to 3600',
    accepts: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 3600,
  },
};

const deviceRules: Readonly<Record<keyof DeviceOptions, Rule>> = {
  intervalSeconds: {
    expected: 'a whole number of seconds from 1 to 60',
    accepts: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 60,
  },
};

/**
 * The settings of options that fit {@link grantRules}.
 *
 * @throws TypeError naming a member of one of them that does not fit, or a `sub` that is somebody else's.
 */
export function judgeGrantOptions(options: GrantOptions, clientIds: Iterable<string>): GrantSettings {
  const { users = [{ sub: 'user-1' }], refreshTokens = {}, device = {} } = options;
  judgeUsers(users, new Set(clientIds));
  judge("createMockIssuer: 'refreshTokens'", refreshTokens, refreshRules);
  judge("createMockIssuer: 'device'", device, deviceRules);
  return {
    users: [...users],
    interaction: options.interaction ?? 'auto',
    acrValues: [...(options.acrValues ?? [])],
    resources: [...(options.resources ?? [])],
    authorizationDetailsTypes: [...(options.authorizationDetailsTypes ?? [])],
    requirePushedAuthorizationRequests: options.requirePushedAuthorizationRequests ?? false,
    refreshTokens: { rotate: refreshTokens.rotate ?? true, graceSeconds: refreshTokens.graceSeconds ?? 0 },
    device: { intervalSeconds: device.intervalSeconds ?? 5 },
    lifetimes: judgeLifetimes(options.lifetimes ?? {}),
  };
}

/** A `sub` says whom a token is about, so that it must not be two things at once (RFC 9700 section 4.15). */
function judgeUsers(users: readonly User[], taken: Set<string>): void {
  for (const [at, user] of users.entries()) {
    const owner = `createMockIssuer: users[${at}]`;
    judge(owner, user, userRules);
    if (user.sub === undefined) throw new TypeError(`${owner}: 'sub' is missing`);
    if (taken.has(user.sub)) throw new TypeError(`${owner}: the 'sub' ${JSON.stringify(user.sub)} is taken`);
    taken.add(user.sub);
  }
}
