import type { UserParts } from '../authorization/approval.js';
import type { Clients } from '../clients/clients.js';
import { InteractionStore } from '../interaction/interaction-store.js';
import type { Lifetimes } from '../lifetimes.js';
import type { Random } from '../random.js';
import type { Store } from '../state/persistent.js';
import { AttemptStore } from '../stores/attempt-store.js';
import { DeviceCodeStore } from '../stores/device-code-store.js';
import { type Device, deviceOf } from './device.js';
import { DeviceAuthorizations } from './device-authorizations.js';
import { approvesAtOnce, asksOnPages, type DevicePagesPlace, type MeetDeviceUser } from './meet-device-user.js';

/** What this stands on. */
export interface DeviceServerParts extends UserParts {
  readonly clients: Clients;
  readonly random: Random;
  readonly lifetimes: Lifetimes;
  readonly interaction: 'auto' | 'pages';
  readonly device: { readonly intervalSeconds: number };
}

/** What the endpoints for devices, the grant and tests share. */
export interface DeviceServer {
  readonly device: Device;
  readonly deviceCodes: DeviceCodeStore;
  readonly deviceAuthorizations: DeviceAuthorizations;
  readonly deviceInteractions: InteractionStore<string>;
  readonly wrongUserCodes: AttemptStore;
  readonly meetDeviceUser: MeetDeviceUser;
  /** What was made here that remembers something. */
  readonly stores: Readonly<Record<string, Store>>;
}

/** Everything between a device and its user, each store made here. */
export function deviceServer(place: DevicePagesPlace, parts: DeviceServerParts): DeviceServer {
  const deviceCodes = new DeviceCodeStore();
  const deviceInteractions = new InteractionStore<string>();
  const wrongUserCodes = new AttemptStore();
  const deviceAuthorizations = new DeviceAuthorizations({ ...parts, ...parts.device, store: deviceCodes });
  return {
    device: deviceOf(deviceAuthorizations),
    deviceCodes,
    deviceAuthorizations,
    deviceInteractions,
    wrongUserCodes,
    meetDeviceUser:
      parts.interaction === 'pages'
        ? asksOnPages(place, { ...parts, interactions: deviceInteractions })
        : approvesAtOnce(deviceAuthorizations),
    stores: { deviceCodes, deviceInteractions, wrongUserCodes },
  };
}
