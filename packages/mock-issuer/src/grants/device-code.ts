import { assertIssuedTo } from '../clients/issued-to.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import { OAuthError } from '../http/oauth-error.js';
import { narrowedDetails } from '../parameters/authorization-details.js';
import { narrowedAudience } from '../parameters/resource.js';
import type { DeviceAuthorization, DeviceCodeStore } from '../stores/device-code-store.js';
import type { TokenIssuer } from '../tokens/token-issuer.js';
import type { Grant } from './grant.js';

/** The `grant_type` of RFC 8628 section 3.4. */
export const deviceCodeGrantType = 'urn:ietf:params:oauth:grant-type:device_code';

/** What a client has to wait longer for every time it comes too soon (RFC 8628 section 3.5). */
const SLOW_DOWN_SECONDS = 5;

/** What this grant stands on. */
export interface DeviceCodeParts {
  readonly deviceCodes: DeviceCodeStore;
  readonly tokenIssuer: TokenIssuer;
  readonly nowSeconds: () => number;
}

/** Device code (RFC 8628 sections 3.4 and 3.5): one use, by the client that asked, once the user has said yes. */
export function deviceCodeGrant(parts: DeviceCodeParts): Grant {
  return {
    name: deviceCodeGrantType,
    answer: async ({ client, form, constraint }) => {
      const authorization = ownAuthorization(form.required('device_code'), client, parts);
      assertLive(authorization, parts.nowSeconds());
      const { answer: granted } = authorization;
      if (granted === undefined) throw notYet(authorization, parts);
      if (granted === 'denied') throw new OAuthError('access_denied', 'the user said no');
      const narrowed = {
        ...granted,
        audience: narrowedAudience(form, granted.audience),
        authorizationDetails: narrowedDetails(form, granted.authorizationDetails),
      };
      // Used in the turn in which it was judged: of two requests at once one is the second.
      parts.deviceCodes.put({ ...authorization, isUsed: true });
      return parts.tokenIssuer.accessAndRefresh(narrowed, granted, client, constraint);
    },
  };
}

function ownAuthorization(deviceCode: string, client: RegisteredClient, { deviceCodes }: DeviceCodeParts) {
  const found = deviceCodes.find(deviceCode);
  if (found === undefined) throw new OAuthError('invalid_grant', 'no such device_code was issued here');
  assertIssuedTo('device_code', found.clientId, client);
  return found;
}

function assertLive({ isUsed, expiresAtSeconds }: DeviceAuthorization, now: number): void {
  if (isUsed) throw new OAuthError('invalid_grant', 'the device_code was used before');
  if (now < expiresAtSeconds) return;
  throw new OAuthError('expired_token', `the device_code expired ${now - expiresAtSeconds} seconds ago`);
}

/** That the user has said nothing yet; to a client that comes too soon, that it has to wait longer from now on. */
function notYet(authorization: DeviceAuthorization, { deviceCodes, nowSeconds }: DeviceCodeParts): OAuthError {
  const { intervalSeconds, polledAtSeconds } = authorization;
  const now = nowSeconds();
  const waited = polledAtSeconds === undefined ? intervalSeconds : now - polledAtSeconds;
  // By a clock that went back nobody knows how long it was.
  if (waited >= intervalSeconds || waited < 0) {
    deviceCodes.put({ ...authorization, polledAtSeconds: now });
    return new OAuthError('authorization_pending', 'the user has not answered yet');
  }
  const longer = intervalSeconds + SLOW_DOWN_SECONDS;
  deviceCodes.put({ ...authorization, polledAtSeconds: now, intervalSeconds: longer });
  return new OAuthError(
    'slow_down',
    `the last request was ${waited} seconds ago and the interval ${intervalSeconds}; from now on it is ${longer} seconds`,
  );
}
