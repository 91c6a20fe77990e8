/** How and when a user signed in (RFC 9470 section 6). */
export interface SignIn {
  readonly acr: string | undefined;
  /** Seconds since the epoch. */
  readonly authTime: number;
}

/** The latest sign-in of each user. */
export class SignInStore {
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
}
