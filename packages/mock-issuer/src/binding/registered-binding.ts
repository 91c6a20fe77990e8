import type { RegisteredClient } from '../clients/registered-client.js';
import { invalidRequest } from '../http/oauth-error.js';
import { invalidProof } from './dpop-proof.js';
import type { SenderConstraint } from './token-binding.js';

/**
 * Holds a token request against what its client is registered for.
 *
 * @throws OAuthError when the tokens would not be bound as the client said they shall (RFC 9449 section 5.2, RFC 8705 section 3.4).
 */
export function assertBoundAsRegistered(client: RegisteredClient, constraint: SenderConstraint | undefined): void {
  if (client.isDpopBound && constraint?.cnf['jkt'] === undefined) {
    throw invalidProof(`there is no proof, and the client '${client.id}' is registered with dpop_bound_access_tokens`);
  }
  if (client.isCertificateBound && constraint?.cnf['x5t#S256'] === undefined) {
    throw invalidRequest(
      `there is no client certificate, and '${client.id}' is registered with tls_client_certificate_bound_access_tokens`,
    );
  }
}
