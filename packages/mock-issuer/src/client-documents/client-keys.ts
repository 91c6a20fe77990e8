import { invalidClient } from '../client-authentication/invalid-client.js';
import { type ClientJwks, jwksRule } from '../clients/public-jwks.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { DocumentDoor } from './document-door.js';

const MAX_BYTES = 64 * 1024;

/**
 * The public keys of a client, by value or from its `jwks_uri`. They are fetched each time, so that a test that changes them sees it at once.
 *
 * @throws OAuthError invalid_client when they cannot be had, or are none.
 */
export async function keysOf({ jwks, jwksUri }: RegisteredClient, door: DocumentDoor): Promise<ClientJwks> {
  if (jwksUri === undefined) return jwks ?? { keys: [] };
  const { json } = await door.fetchJson(jwksUri, MAX_BYTES);
  if (!jwksRule.accepts(json)) throw invalidClient(`'${jwksUri}' must be ${jwksRule.expected}`);
  return json as ClientJwks;
}
