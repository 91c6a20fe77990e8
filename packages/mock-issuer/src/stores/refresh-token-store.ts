import { type Granted, readGranted } from '../granted.js';
import type { JsonObject } from '../judge.js';
import type { Store } from '../state/persistent.js';
import { json, list, optional, type Read, shape, text, whole } from '../state/read.js';

/** What is remembered of a refresh token. */
export interface HeldRefreshToken {
  readonly token: string;
  readonly granted: Granted;
  /** What a public client must show to use it (RFC 9449 section 5); `undefined` for nothing. */
  readonly cnf: Readonly<JsonObject> | undefined;
  /** When the first one of its grant was issued. */
  readonly familySinceSeconds: number;
  /** When it was issued, or used last without being replaced. */
  readonly freshSinceSeconds: number;
  /** When it was replaced by another one. */
  readonly replacedAtSeconds?: number;
}

const readHeld: Read<HeldRefreshToken> = shape<HeldRefreshToken>({
  token: text,
  granted: readGranted,
  cnf: optional(json),
  familySinceSeconds: whole,
  freshSinceSeconds: whole,
  replacedAtSeconds: optional(whole),
});

/** Every refresh token that was issued, replaced ones too: one that comes again was stolen. */
export class RefreshTokenStore implements Store {
  readonly #held = new Map<string, HeldRefreshToken>();

  put(held: HeldRefreshToken): void {
    this.#held.set(held.token, held);
  }

  find(token: string): HeldRefreshToken | undefined {
    return this.#held.get(token);
  }

  /** Nothing was ever issued. */
  clear(): void {
    this.#held.clear();
  }

  snapshot(): unknown {
    return [...this.#held.values()];
  }

  restore(data: unknown): void {
    for (const held of list(readHeld)(data, '')) this.put(held);
  }
}
