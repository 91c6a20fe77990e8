import { isFilled, judge, type Rule } from '../judge.js';
import type { DeviceAuthorizations } from './device-authorizations.js';
import { shownUserCode } from './user-code.js';

/** Who approves. */
export interface DeviceApproval {
  /** The `sub` of the user who says yes. Default: the first of the option `users`. */
  readonly user?: string;
}

/** The users whom devices send to the verification page (RFC 8628 section 3.3), for tests without a browser. */
export interface Device {
  /** The user codes that wait for their user, the oldest first. */
  pending(): readonly string[];
  /**
   * Says yes in the name of a user: the next token request of the device gets tokens. The code may be written as on the page, in lower case
   * and without its dash.
   *
   * @throws OAuthError invalid_request when no device waits with this code, login_required when there is no such user; TypeError for what is
   * unknown or ill-typed.
   */
  approve(userCode: string, approval?: DeviceApproval): void;
  /** Says no: the device is told `access_denied`. @throws OAuthError and TypeError, likewise. */
  deny(userCode: string): void;
}

const rules: Readonly<Record<keyof DeviceApproval, Rule>> = {
  user: { expected: 'a string, not empty', accepts: isFilled },
};

/** What tests get. */
export function deviceOf(authorizations: DeviceAuthorizations): Device {
  return {
    pending: () => authorizations.waiting().map(({ userCode }) => shownUserCode(userCode)),
    approve: (userCode, approval = {}) => {
      assertText('approve', userCode);
      judge('device.approve', approval, rules);
      authorizations.approveAlone(userCode, approval.user);
    },
    deny: (userCode) => {
      assertText('deny', userCode);
      authorizations.deny(userCode);
    },
  };
}

function assertText(method: keyof Device, userCode: unknown): void {
  if (!isFilled(userCode)) throw new TypeError(`device.${method}: the user code must be a string, not empty`);
}
