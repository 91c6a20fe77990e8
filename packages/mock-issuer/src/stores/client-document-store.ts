import type { RegisteredClient } from '../clients/registered-client.js';
import type { Store } from '../state/persistent.js';

/** What a metadata document said. */
export interface KeptClient {
  readonly client: RegisteredClient;
  readonly expiresAtSeconds: number;
}

/** Clients whose metadata documents were fetched, by their address. */
export class ClientDocumentStore implements Store {
  readonly #kept = new Map<string, KeptClient>();

  put(url: string, kept: KeptClient): void {
    this.#kept.set(url, kept);
  }

  find(url: string): KeptClient | undefined {
    return this.#kept.get(url);
  }

  /** Nothing was ever fetched. */
  clear(): void {
    this.#kept.clear();
  }

  /** Not kept: they are fetched again. */
  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}
}
