import type { RegisteredClient } from '../clients/registered-client.js';

/** Everybody who has credentials, by client_id. */
export class ClientStore {
  readonly #clients = new Map<string, RegisteredClient>();

  /** @throws TypeError when somebody else has this client_id. */
  add(client: RegisteredClient): void {
    if (this.#clients.has(client.id)) {
      throw new TypeError(`createMockIssuer: the 'client_id' ${JSON.stringify(client.id)} is taken`);
    }
    this.#clients.set(client.id, client);
  }

  find(id: string): RegisteredClient | undefined {
    return this.#clients.get(id);
  }
}
