import type { RegisteredClient } from '../clients/registered-client.js';
import type { Exchange } from '../http/exchange.js';
import { invalidRequest } from '../http/oauth-error.js';
import type { ClientStore } from '../stores/client-store.js';
import { clientSecretBasic } from './client-secret-basic.js';
import { clientSecretPost } from './client-secret-post.js';
import type { Credentials } from './credentials.js';
import { invalidClient } from './invalid-client.js';
import { noCredentials } from './none.js';

/** Finds out who sent a request. */
export class ClientAuthentication {
  readonly #clients: ClientStore;

  constructor(clients: ClientStore) {
    this.#clients = clients;
  }

  /**
   * The client whose credentials the request has, by the method it is registered for.
   *
   * @throws OAuthError invalid_client when there is no such client, and invalid_request for more than one kind of credentials.
   */
  async authenticate(exchange: Exchange): Promise<RegisteredClient> {
    const credentials = this.#credentialsIn(exchange);
    const { clientId, method } = credentials;
    const client = this.#clients.find(clientId);
    if (client === undefined) throw invalidClient(`no client '${clientId}' is registered`);
    if (client.method !== method) {
      throw invalidClient(
        `the client '${clientId}' is registered for ${client.method} and came with ${nameOf(method)}`,
      );
    }
    await credentials.verify(client);
    return client;
  }

  /** RFC 6749 section 2.3: no more than one method in a request. */
  #credentialsIn(exchange: Exchange): Credentials {
    const [first, second] = [clientSecretBasic(exchange), clientSecretPost(exchange)].filter(
      (found) => found !== undefined,
    );
    if (first !== undefined && second !== undefined) {
      throw invalidRequest(`the request has credentials of two kinds: ${first.method} and ${second.method}`);
    }
    const credentials = first ?? noCredentials(exchange);
    if (credentials === undefined) throw invalidClient('the request has no client credentials');
    const named = exchange.form.one('client_id');
    if (named !== undefined && named !== credentials.clientId) {
      throw invalidRequest(
        `the parameter client_id is '${named}' and the credentials are of '${credentials.clientId}'`,
      );
    }
    return credentials;
  }
}

function nameOf(method: Credentials['method']): string {
  return method === 'none' ? 'no credentials' : method;
}
