import type { RegisteredClient } from '../clients/registered-client.js';
import type { Exchange } from '../http/exchange.js';
import { invalidRequest, OAuthError } from '../http/oauth-error.js';
import type { ClientStore } from '../stores/client-store.js';
import { clientSecretBasic } from './client-secret-basic.js';
import { clientSecretPost } from './client-secret-post.js';
import type { Credentials } from './credentials.js';
import { invalidClient } from './invalid-client.js';
import { noCredentials } from './none.js';
import { type AssertionContext, privateKeyJwt } from './private-key-jwt.js';
import { selfSignedTlsClientAuth } from './self-signed-tls-client-auth.js';
import { tlsClientAuth } from './tls-client-auth.js';

/** Finds out who sent a request. */
export class ClientAuthentication {
  readonly #clients: ClientStore;
  readonly #context: AssertionContext;

  constructor(clients: ClientStore, context: AssertionContext) {
    this.#clients = clients;
    this.#context = context;
  }

  /**
   * The client whose credentials the request has, by the method it is registered for.
   *
   * @throws OAuthError invalid_client when there is no such client, and invalid_request for more than one kind of credentials.
   */
  async authenticate(exchange: Exchange): Promise<RegisteredClient> {
    const candidates = this.#candidates(exchange);
    const [{ clientId }] = candidates;
    const client = this.#clients.find(clientId);
    if (client === undefined) throw invalidClient(`no client '${clientId}' is registered`);
    const credentials = candidates.find(({ method }) => method === client.method);
    if (credentials === undefined) {
      const came = nameOf(candidates[0].method);
      throw invalidClient(`the client '${clientId}' is registered for ${client.method} and came with ${came}`);
    }
    await credentials.verify(client);
    return client;
  }

  /** What the request could be taken for: one kind of credentials, or a name and what the connection says. */
  #candidates(exchange: Exchange): readonly [Credentials, ...Credentials[]] {
    const sent = this.#credentialsSent(exchange);
    if (sent === undefined) return namesAlone(exchange);
    const named = exchange.form.one('client_id');
    if (named !== undefined && named !== sent.clientId) {
      throw invalidRequest(`the parameter client_id is '${named}' and the credentials are of '${sent.clientId}'`);
    }
    return [sent];
  }

  /** RFC 6749 section 2.3: no more than one method in a request. */
  #credentialsSent(exchange: Exchange): Credentials | undefined {
    const [first, second] = [
      clientSecretBasic(exchange),
      clientSecretPost(exchange),
      privateKeyJwt(exchange, this.#context),
    ].filter((found) => found !== undefined);
    if (first !== undefined && second !== undefined) {
      throw invalidRequest(`the request has credentials of two kinds: ${first.method} and ${second.method}`);
    }
    return first;
  }
}

/** A certificate is there for the whole connection, so that it is nobody's credentials until a client is named that goes by it. */
function namesAlone(exchange: Exchange): readonly [Credentials, ...Credentials[]] {
  const named = noCredentials(exchange);
  if (named === undefined) throw invalidClient('the request has no client credentials');
  const certificates = [tlsClientAuth(exchange), selfSignedTlsClientAuth(exchange)];
  return [named, ...certificates.filter((found) => found !== undefined)];
}

function nameOf(method: Credentials['method']): string {
  return method === 'none' ? 'no credentials' : method;
}

/** @throws OAuthError unauthorized_client for resource servers, whose credentials are good for introspection and nothing else (RFC 9701 section 3). */
export function assertNoResourceServer({ id, role }: RegisteredClient): void {
  if (role !== 'resource-server') return;
  throw new OAuthError('unauthorized_client', `'${id}' is a resource server, and may introspect and nothing else`);
}

/** @throws OAuthError unauthorized_client for public clients, where only those are served that can show who they are. */
export function assertConfidential({ id, method }: RegisteredClient, grantType: string): void {
  if (method !== 'none') return;
  throw new OAuthError(
    'unauthorized_client',
    `the client '${id}' has no credentials, and ${grantType} is for those who have`,
  );
}

/** @throws OAuthError unauthorized_client when the grant is none of those that the client is registered for (RFC 6749 section 5.2). */
export function assertMayUse(client: RegisteredClient, grantType: string): void {
  assertNoResourceServer(client);
  const { id, grantTypes } = client;
  if (grantTypes.includes(grantType)) return;
  throw new OAuthError(
    'unauthorized_client',
    `the client '${id}' is not registered for the grant ${grantType}; its grant_types are ${grantTypes.join(' ')}`,
  );
}
