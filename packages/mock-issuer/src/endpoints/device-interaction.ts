import type { DeviceAuthorizations } from '../device/device-authorizations.js';
import { shownUserCode } from '../device/user-code.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { InteractionStore } from '../interaction/interaction-store.js';
import { closeQuestion } from '../interaction/question.js';
import { devicePage } from '../pages/device-page.js';

/** What the answers of users about devices are judged with. */
export interface DeviceInteractionParts {
  readonly deviceAuthorizations: DeviceAuthorizations;
  /** What users were asked about, by its user code. */
  readonly deviceInteractions: InteractionStore<string>;
  readonly nowSeconds: () => number;
}

/** What the user said of a device: it learns of it when it asks for tokens the next time. */
export function deviceInteractionEndpoint(parts: DeviceInteractionParts): (exchange: Exchange) => Answer {
  return (exchange) => {
    const question = { interactions: parts.deviceInteractions, nowSeconds: parts.nowSeconds };
    const { about: userCode, decision, user } = closeQuestion(exchange, question);
    if (decision === 'allow') parts.deviceAuthorizations.approve(userCode, user);
    else parts.deviceAuthorizations.deny(userCode);
    return devicePage(decision, shownUserCode(userCode));
  };
}
