import { type ClientCredentialsParts, clientCredentialsGrant } from './client-credentials.js';
import type { Grant } from './grant.js';

/** Every grant there is, in the order in which metadata names them. */
export function allGrants(parts: ClientCredentialsParts): readonly Grant[] {
  return [clientCredentialsGrant(parts)];
}
