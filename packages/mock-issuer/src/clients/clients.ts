import type { RegisteredClient } from './registered-client.js';

/** Everybody who is known, however they came to be. */
export interface Clients {
  /** @throws OAuthError invalid_client when the id is the address of a metadata document, and that is not as it must be. */
  find(id: string): Promise<RegisteredClient | undefined>;
}
