import type { DeviceAuthorizations } from '../device/device-authorizations.js';
import type { MeetDeviceUser } from '../device/meet-device-user.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { OAuthError } from '../http/oauth-error.js';
import { userCodePage } from '../pages/user-code-page.js';
import type { AttemptStore } from '../stores/attempt-store.js';

/** Codes that nobody was given, of all browsers together, before none is looked at for the rest of these seconds. */
const ATTEMPTS = 10;
const ATTEMPTS_SECONDS = 60;

/** What the verification page stands on. */
export interface VerificationParts {
  readonly deviceAuthorizations: DeviceAuthorizations;
  /** User codes that were wrong. */
  readonly wrongUserCodes: AttemptStore;
  readonly meetDeviceUser: MeetDeviceUser;
  readonly nowSeconds: () => number;
}

/** The verification page (RFC 8628 section 3.3): asks for the user code unless the address has it, and then whether the device may. */
export function verificationEndpoint(
  verificationUri: string,
  parts: VerificationParts,
): (exchange: Exchange) => Answer {
  return (exchange) => {
    const { form } = exchange;
    form.assertUnrepeated(['user_code']);
    const userCode = form.one('user_code');
    if (userCode === undefined) return userCodePage(verificationUri);
    try {
      assertFewAttempts(parts);
      if (!parts.deviceAuthorizations.isKnown(userCode)) parts.wrongUserCodes.add(parts.nowSeconds());
      return parts.meetDeviceUser(parts.deviceAuthorizations.find(userCode), exchange);
    } catch (error) {
      if (error instanceof OAuthError) return userCodePage(verificationUri, error);
      throw error;
    }
  };
}

/** RFC 8628 section 5.1: a code that people can type is short enough to be found by trying, were that not slow. */
function assertFewAttempts({ wrongUserCodes, nowSeconds }: VerificationParts): void {
  if (wrongUserCodes.countSince(nowSeconds() - ATTEMPTS_SECONDS) < ATTEMPTS) return;
  throw new OAuthError(
    'invalid_request',
    `${ATTEMPTS} codes were wrong; none is looked at for ${ATTEMPTS_SECONDS} seconds`,
    { status: 429, headers: { 'retry-after': String(ATTEMPTS_SECONDS) } },
  );
}
