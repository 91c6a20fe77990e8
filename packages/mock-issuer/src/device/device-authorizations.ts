import { type UserParts, userOf } from '../authorization/approval.js';
import { noWish, signInAsNeeded, signInNow } from '../authorization/sign-in.js';
import { grantedBy } from '../authorization/wanted-access.js';
import type { WantedAccess } from '../granted.js';
import { invalidRequest } from '../http/oauth-error.js';
import type { Lifetimes } from '../lifetimes.js';
import { type Random, randomText } from '../random.js';
import type { DeviceAuthorization, DeviceCodeStore } from '../stores/device-code-store.js';
import { randomUserCode, shownUserCode, typedUserCode } from './user-code.js';

/** What device authorizations stand on. */
export interface DeviceAuthorizationsParts extends UserParts {
  readonly store: DeviceCodeStore;
  readonly random: Random;
  readonly lifetimes: Lifetimes;
  readonly intervalSeconds: number;
}

/** What devices ask for, from the request to what the user says to it (RFC 8628 sections 3.1 to 3.3). */
export class DeviceAuthorizations {
  readonly #parts: DeviceAuthorizationsParts;

  constructor(parts: DeviceAuthorizationsParts) {
    this.#parts = parts;
  }

  /** Lets a client wait for a user. */
  open(clientId: string, wanted: WantedAccess): DeviceAuthorization {
    const { store, random, lifetimes, intervalSeconds, nowSeconds } = this.#parts;
    const authorization = {
      deviceCode: randomText(random, 'device-code'),
      userCode: this.#freeUserCode(),
      clientId,
      wanted,
      expiresAtSeconds: nowSeconds() + lifetimes.deviceCodeSeconds,
      intervalSeconds,
    };
    store.put(authorization);
    return authorization;
  }

  /** Those that wait for a user, the oldest first. */
  waiting(): readonly DeviceAuthorization[] {
    return this.#parts.store.all().filter((one) => one.answer === undefined && !this.#isOver(one));
  }

  /** Whether somebody was ever given what was typed. */
  isKnown(userCode: string): boolean {
    return this.#parts.store.findByUserCode(typedUserCode(userCode)) !== undefined;
  }

  /** What a user code, however it is written, is for. @throws OAuthError invalid_request for one that waits for nobody. */
  find(userCode: string): DeviceAuthorization {
    const found = this.#parts.store.findByUserCode(typedUserCode(userCode));
    if (found === undefined) throw invalidRequest(`no device shows the code '${userCode}'`);
    const shown = shownUserCode(found.userCode);
    if (found.answer !== undefined) throw invalidRequest(`the code ${shown} was used before`);
    if (this.#isOver(found)) throw invalidRequest(`the code ${shown} expired`);
    return found;
  }

  /** Allows it in the name of a user, by default the first, who signs in only where that is needed. @throws OAuthError. */
  approveAlone(userCode: string, subject?: string): void {
    const user = userOf(subject ?? this.#parts.users[0]?.sub, this.#parts);
    this.#grant(this.find(userCode), user, signInAsNeeded(user, noWish, this.#parts));
  }

  /** Allows it for a user who signs in now. @throws OAuthError. */
  approve(userCode: string, subject: string | undefined): void {
    const user = userOf(subject, this.#parts);
    this.#grant(this.find(userCode), user, signInNow(user, noWish, this.#parts));
  }

  /** @throws OAuthError. */
  deny(userCode: string): void {
    this.#parts.store.put({ ...this.find(userCode), answer: 'denied' });
  }

  #grant(
    authorization: DeviceAuthorization,
    user: ReturnType<typeof userOf>,
    signIn: ReturnType<typeof signInNow>,
  ): void {
    const { clientId, wanted } = authorization;
    const answer = grantedBy({ clientId, wanted, user, signIn }, this.#parts.random);
    this.#parts.store.put({ ...authorization, answer });
  }

  #isOver({ expiresAtSeconds }: DeviceAuthorization): boolean {
    return this.#parts.nowSeconds() >= expiresAtSeconds;
  }

  /** Two devices never show the same code. */
  #freeUserCode(): string {
    const code = randomUserCode(this.#parts.random);
    return this.#parts.store.findByUserCode(code) === undefined ? code : this.#freeUserCode();
  }
}
