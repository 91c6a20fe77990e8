import { assertConfidential } from '../client-authentication/authenticate-client.js';
import { requestedDetails } from '../parameters/authorization-details.js';
import { requestedAudience } from '../parameters/resource.js';
import { requestedScope } from '../parameters/scope.js';
import { type Random, randomId } from '../random.js';
import type { TokenIssuer } from '../tokens/token-issuer.js';
import type { Grant } from './grant.js';

/** What this grant stands on. */
export interface ClientCredentialsParts {
  readonly random: Random;
  readonly tokenIssuer: TokenIssuer;
  readonly resources: ReadonlySet<string>;
  readonly authorizationDetailsTypes: readonly string[];
  /** The audience of who names none. */
  readonly audience: string;
}

/**
 * Client credentials (RFC 6749 section 4.4): a client on its own behalf, which it must be able to show. There is no refresh token
 * (section 4.4.3). The `sub` is the client_id, which no user has (RFC 9068 section 2.2, RFC 9700 section 4.15).
 */
export function clientCredentialsGrant(parts: ClientCredentialsParts): Grant {
  return {
    name: 'client_credentials',
    answer: async ({ client, form, constraint }) => {
      assertConfidential(client, 'client_credentials');
      const granted = {
        id: randomId(parts.random, 'grant'),
        clientId: client.id,
        subject: client.id,
        scope: requestedScope(form, client),
        audience: requestedAudience(form, parts.resources) ?? [parts.audience],
        authorizationDetails: requestedDetails(form, parts.authorizationDetailsTypes),
      };
      return parts.tokenIssuer.access(granted, constraint);
    },
  };
}
