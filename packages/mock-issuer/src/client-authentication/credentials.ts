import type { ClientAuthenticationMethod } from '../clients/authentication-method.js';
import type { RegisteredClient } from '../clients/registered-client.js';

/** What a request brought to show who sent it. */
export interface Credentials {
  readonly method: ClientAuthenticationMethod;
  /** Who the sender says it is. */
  readonly clientId: string;
  /** @throws OAuthError invalid_client when they are not this client's. */
  verify(client: RegisteredClient): Promise<void> | void;
}
