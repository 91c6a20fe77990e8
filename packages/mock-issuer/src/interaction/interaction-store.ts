import type { Store } from '../state/persistent.js';

/** Something that a user has been asked about. */
export interface OpenInteraction<About> {
  readonly about: About;
  /** The browser that was shown the page, by its cookie. */
  readonly browser: string;
  readonly expiresAtSeconds: number;
}

/** What users have been asked and have not answered. */
export class InteractionStore<About> implements Store {
  readonly #open = new Map<string, OpenInteraction<About>>();

  put(id: string, interaction: OpenInteraction<About>): void {
    this.#open.set(id, interaction);
  }

  find(id: string): OpenInteraction<About> | undefined {
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

  /** Not kept: the page is asked for again. */
  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}
}
