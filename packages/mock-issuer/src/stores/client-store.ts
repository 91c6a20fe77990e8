import { type RegisteredClient, readRegisteredClient } from '../clients/registered-client.js';
import type { Persistent } from '../state/persistent.js';
import { list } from '../state/read.js';

/** Everybody who has credentials, by client_id. */
export class ClientStore implements Persistent {
  readonly #clients = new Map<string, RegisteredClient>();
  /** Those that no option names: a file must tell of them. */
  readonly #kept = new Set<string>();

  /** @throws TypeError when somebody else has this client_id. */
  add(client: RegisteredClient): void {
    if (this.#clients.has(client.id)) {
      throw new TypeError(`createMockIssuer: the 'client_id' ${JSON.stringify(client.id)} is taken`);
    }
    this.#clients.set(client.id, client);
  }

  /** As {@link add}, for a client that no option names: it is kept in the state file, under the secret that it was given. */
  addKept(client: RegisteredClient): void {
    this.add(client);
    this.#kept.add(client.id);
  }

  snapshot(): unknown {
    return Array.from(this.#kept, (id) => this.#clients.get(id));
  }

  /** Whoever an option names is what the option says. */
  restore(data: unknown): void {
    for (const client of list(readRegisteredClient)(data, '')) {
      if (this.#clients.has(client.id) && !this.#kept.has(client.id)) continue;
      this.#clients.set(client.id, client);
      this.#kept.add(client.id);
    }
  }

  find(id: string): RegisteredClient | undefined {
    return this.#clients.get(id);
  }
}
