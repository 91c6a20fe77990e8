import { type Granted, readGranted, readWanted, type WantedAccess } from '../granted.js';
import type { Store } from '../state/persistent.js';
import { list, optional, type Read, ruled, shape, text, whole } from '../state/read.js';

/** What a device asked for, and what became of it (RFC 8628 section 3.2). */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  /** As it is compared: without its dash. */
  readonly userCode: string;
  readonly clientId: string;
  readonly wanted: WantedAccess;
  readonly expiresAtSeconds: number;
  /** Seconds that its client has to leave between two token requests. */
  readonly intervalSeconds: number;
  /** When its client asked for tokens last. */
  readonly polledAtSeconds?: number;
  /** What the user said; nothing yet while it waits. */
  readonly answer?: Granted | 'denied';
  /** Tokens were issued for it. */
  readonly isUsed?: true;
}

const readAnswer: Read<Granted | 'denied'> = (value, at) => (value === 'denied' ? value : readGranted(value, at));
const readAuthorization: Read<DeviceAuthorization> = shape<DeviceAuthorization>({
  deviceCode: text,
  userCode: text,
  clientId: text,
  wanted: readWanted,
  expiresAtSeconds: whole,
  intervalSeconds: whole,
  polledAtSeconds: optional(whole),
  answer: optional(readAnswer),
  isUsed: optional(ruled<true>({ expected: 'true', accepts: (value) => value === true })),
});

/** Every device authorization, by device code and by user code. */
export class DeviceCodeStore implements Store {
  readonly #byDeviceCode = new Map<string, DeviceAuthorization>();
  readonly #deviceCodes = new Map<string, string>();

  /** Remembers one, or what became of it. */
  put(authorization: DeviceAuthorization): void {
    this.#byDeviceCode.set(authorization.deviceCode, authorization);
    this.#deviceCodes.set(authorization.userCode, authorization.deviceCode);
  }

  find(deviceCode: string): DeviceAuthorization | undefined {
    return this.#byDeviceCode.get(deviceCode);
  }

  findByUserCode(userCode: string): DeviceAuthorization | undefined {
    const deviceCode = this.#deviceCodes.get(userCode);
    return deviceCode === undefined ? undefined : this.#byDeviceCode.get(deviceCode);
  }

  /** All of them, the oldest first. */
  all(): readonly DeviceAuthorization[] {
    return [...this.#byDeviceCode.values()];
  }

  /** Nothing was ever asked for. */
  clear(): void {
    this.#byDeviceCode.clear();
    this.#deviceCodes.clear();
  }

  snapshot(): unknown {
    return this.all();
  }

  restore(data: unknown): void {
    for (const authorization of list(readAuthorization)(data, '')) this.put(authorization);
  }
}
