import type { User } from '../authorization/user.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { invalidRequest } from '../http/oauth-error.js';
import { openQuestion, type QuestionParts, type QuestionPlace } from '../interaction/question.js';
import { consentPage } from '../pages/consent-page.js';
import { devicePage } from '../pages/device-page.js';
import { html } from '../pages/html.js';
import type { ClientStore } from '../stores/client-store.js';
import type { DeviceAuthorization } from '../stores/device-code-store.js';
import type { DeviceAuthorizations } from './device-authorizations.js';
import { shownUserCode } from './user-code.js';

/** How a user is met who came with the code of a device. @throws OAuthError for a code that is no good. */
export type MeetDeviceUser = (authorization: DeviceAuthorization, exchange: Exchange) => Answer;

/** What users are asked about devices with. */
export interface DevicePagesParts extends QuestionParts<string> {
  readonly clients: ClientStore;
  readonly users: readonly User[];
}

/** Where the page about a device is answered. */
export interface DevicePagesPlace extends QuestionPlace {
  readonly deviceInteractionUri: string;
}

/** Nobody is asked: who comes with the code has signed in as the first user and said yes. */
export function approvesAtOnce(authorizations: DeviceAuthorizations): MeetDeviceUser {
  return ({ userCode }) => {
    authorizations.approveAlone(userCode);
    return devicePage('allow', shownUserCode(userCode));
  };
}

/** Somebody is asked, and shown the code wherever it came from: a link may have been sent by who wants another device let in (RFC 8628 sections 3.3.1 and 5.4). */
export function asksOnPages(place: DevicePagesPlace, parts: DevicePagesParts): MeetDeviceUser {
  return ({ userCode, clientId, wanted }, exchange) => {
    const client = parts.clients.find(clientId);
    if (client === undefined) throw invalidRequest(`the client '${clientId}' is no longer registered`);
    const { id, headers } = openQuestion(userCode, exchange, place, parts);
    const way = html` on a device that shows the code <strong>${shownUserCode(userCode)}</strong>. Deny if yours shows another one, or none.`;
    return consentPage({ client, wanted, way, users: parts.users, id, action: place.deviceInteractionUri }, headers);
  };
}
