import { OAuthError } from '../http/oauth-error.js';
import type { RegisteredClient } from './registered-client.js';

/** Holds what a client sends against whose it is. @throws OAuthError invalid_grant saying whose (RFC 6749 section 5.2). */
export function assertIssuedTo(what: string, ownerId: string, { id }: RegisteredClient): void {
  if (ownerId === id) return;
  throw new OAuthError(
    'invalid_grant',
    `the ${what} was issued to another client: to '${ownerId}', and not to '${id}'`,
  );
}
