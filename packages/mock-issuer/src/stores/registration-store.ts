import { type RegisteredClient, readRegisteredClient } from '../clients/registered-client.js';
import type { Store } from '../state/persistent.js';
import { list } from '../state/read.js';

/** Clients that registered themselves (RFC 7591), by client_id. */
export class RegistrationStore implements Store {
  readonly #clients = new Map<string, RegisteredClient>();

  put(client: RegisteredClient): void {
    this.#clients.set(client.id, client);
  }

  find(id: string): RegisteredClient | undefined {
    return this.#clients.get(id);
  }

  /** Nobody ever registered. */
  clear(): void {
    this.#clients.clear();
  }

  snapshot(): unknown {
    return [...this.#clients.values()];
  }

  restore(data: unknown): void {
    for (const client of list(readRegisteredClient)(data, '')) this.put(client);
  }
}
