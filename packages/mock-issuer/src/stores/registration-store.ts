import type { RegisteredClient } from '../clients/registered-client.js';

/** Clients that registered themselves (RFC 7591), by client_id. */
export class RegistrationStore {
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
}
