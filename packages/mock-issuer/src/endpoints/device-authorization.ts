import { type RequestSettings, wantedAccess } from '../authorization/wanted-access.js';
import { assertMayUse, type ClientAuthentication } from '../client-authentication/authenticate-client.js';
import type { DeviceAuthorizations } from '../device/device-authorizations.js';
import { shownUserCode } from '../device/user-code.js';
import { deviceCodeGrantType } from '../grants/device-code.js';
import { type Answer, privateAnswer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';

/** What the device authorization endpoint stands on. */
export interface DeviceAuthorizationParts {
  readonly clientAuthentication: ClientAuthentication;
  readonly requestSettings: RequestSettings;
  readonly deviceAuthorizations: DeviceAuthorizations;
  readonly nowSeconds: () => number;
}

/** The device authorization endpoint (RFC 8628 sections 3.1 and 3.2): two codes, one for the device and one for its user. */
export function deviceAuthorizationEndpoint(
  verificationUri: string,
  parts: DeviceAuthorizationParts,
): (exchange: Exchange) => Promise<Answer> {
  return async (exchange) => {
    const client = await parts.clientAuthentication.authenticate(exchange);
    assertMayUse(client, deviceCodeGrantType);
    const wanted = wantedAccess(exchange.form, client, parts.requestSettings);
    const opened = parts.deviceAuthorizations.open(client.id, wanted);
    const userCode = shownUserCode(opened.userCode);
    return privateAnswer(200, {
      device_code: opened.deviceCode,
      user_code: userCode,
      verification_uri: verificationUri,
      verification_uri_complete: `${verificationUri}?user_code=${userCode}`,
      expires_in: opened.expiresAtSeconds - parts.nowSeconds(),
      interval: opened.intervalSeconds,
    });
  };
}
