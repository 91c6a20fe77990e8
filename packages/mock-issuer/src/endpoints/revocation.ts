import { assertNoResourceServer, type ClientAuthentication } from '../client-authentication/authenticate-client.js';
import { type Answer, privateAnswer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { OAuthError } from '../http/oauth-error.js';
import type { RefreshTokenStore } from '../stores/refresh-token-store.js';
import type { TokenStore } from '../stores/token-store.js';

/** What the revocation endpoint stands on. */
export interface RevocationParts {
  readonly tokens: TokenStore;
  readonly refreshTokenStore: RefreshTokenStore;
  readonly clientAuthentication: ClientAuthentication;
  readonly revoke: (token: string) => void;
}

/** Revocation (RFC 7009): a client takes back a token of its own. One that nobody has is as good as revoked (section 2.2). */
export function revocationEndpoint(parts: RevocationParts): (exchange: Exchange) => Promise<Answer> {
  return async (exchange) => {
    const client = await parts.clientAuthentication.authenticate(exchange);
    assertNoResourceServer(client);
    const token = exchange.form.required('token');
    const owner =
      parts.refreshTokenStore.find(token)?.granted.clientId ?? parts.tokens.find(token)?.claims['client_id'];
    if (owner === undefined) return privateAnswer(200, '');
    if (owner !== client.id) {
      throw new OAuthError('invalid_grant', `the token was not issued to '${client.id}'`);
    }
    parts.revoke(token);
    return privateAnswer(200, '');
  };
}
