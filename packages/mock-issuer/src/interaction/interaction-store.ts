import type { AuthorizationRequest } from '../authorization/authorization-request.js';

/** A request that a user has been asked about. */
export interface OpenInteraction {
  readonly request: AuthorizationRequest;
  /** The browser that was shown the page, by its cookie. */
  readonly browser: string;
  readonly expiresAtSeconds: number;
}

/** What users have been asked and have not answered. */
export class InteractionStore {
  readonly #open = new Map<string, OpenInteraction>();

  put(id: string, interaction: OpenInteraction): void {
    this.#open.set(id, interaction);
  }

  find(id: string): OpenInteraction | undefined {
    return this.#open.get(id);
  }

  /** It has been answered. */
  remove(id: string): void {
    this.#open.delete(id);
  }

  /** Nobody was ever asked. */
  clear(): void {
    this.#open.clear();
  }
}
