import type { Store } from '../state/persistent.js';
import { optional, type Read, refill, shape, text, whole } from '../state/read.js';

/** How and when a user signed in (RFC 9470 section 6). */
export interface SignIn {
  readonly acr: string | undefined;
  /** Seconds since the epoch. */
  readonly authTime: number;
}

const readSignIn: Read<SignIn> = shape<SignIn>({ acr: optional(text), authTime: whole });

/** The latest sign-in of each user. */
export class SignInStore implements Store {
  readonly #latest = new Map<string, SignIn>();

  put(subject: string, signIn: SignIn): void {
    this.#latest.set(subject, signIn);
  }

  find(subject: string): SignIn | undefined {
    return this.#latest.get(subject);
  }

  /** Nobody ever signed in. */
  clear(): void {
    this.#latest.clear();
  }

  snapshot(): unknown {
    return [...this.#latest];
  }

  restore(data: unknown): void {
    refill(this.#latest, data, readSignIn);
  }
}
