import { isFilledList, isObject, type Rule } from './judge.js';
import { judgeLifetimes, type LifetimeOptions, type Lifetimes } from './lifetimes.js';

/** What clients can get, and from whom. */
export interface GrantOptions {
  /**
   * What clients may name as `resource` (RFC 8707), and tokens have as `aud`: absolute URIs without a fragment. The `audience` of the issuer
   * and those of its resource servers may always be named. Default: none beside those.
   */
  readonly resources?: readonly string[];
  /** Types of `authorization_details` that may be asked for (RFC 9396 section 10). Default: none, and every one is refused. */
  readonly authorizationDetailsTypes?: readonly string[];
  /** How long what is handed out is good for. */
  readonly lifetimes?: LifetimeOptions;
}

/** The options, judged, with defaults filled in. */
export interface GrantSettings {
  readonly resources: readonly string[];
  readonly authorizationDetailsTypes: readonly string[];
  readonly lifetimes: Lifetimes;
}

const isResource = (value: string): boolean => URL.canParse(value) && !value.includes('#');

/** The rules for {@link GrantOptions}. */
export const grantRules: Readonly<Record<keyof GrantOptions, Rule>> = {
  resources: {
    expected: 'an array, not empty, of absolute URIs without a fragment',
    accepts: (value) => isFilledList(value) && value.every(isResource),
  },
  authorizationDetailsTypes: { expected: 'an array, not empty, of strings', accepts: isFilledList },
  lifetimes: { expected: 'an object', accepts: isObject },
};

/** The settings of options that fit {@link grantRules}. @throws TypeError naming a member of one of them that does not fit. */
export function judgeGrantOptions(options: GrantOptions): GrantSettings {
  return {
    resources: [...(options.resources ?? [])],
    authorizationDetailsTypes: [...(options.authorizationDetailsTypes ?? [])],
    lifetimes: judgeLifetimes(options.lifetimes ?? {}),
  };
}
