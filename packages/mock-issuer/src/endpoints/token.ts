import { assertBoundAsRegistered } from '../binding/registered-binding.js';
import { constraintOf, type TokenBinding } from '../binding/token-binding.js';
import { assertMayUse, type ClientAuthentication } from '../client-authentication/authenticate-client.js';
import type { Grant } from '../grants/grant.js';
import { type Answer, privateAnswer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { OAuthError } from '../http/oauth-error.js';

/** What the token endpoint stands on. */
export interface TokenParts {
  readonly clientAuthentication: ClientAuthentication;
  readonly grants: readonly Grant[];
  readonly bindings: readonly TokenBinding[];
}

/** The token endpoint (RFC 6749 section 3.2): finds out who asks and for which grant, and leaves the rest to the grant. */
export function tokenEndpoint(parts: TokenParts): (exchange: Exchange) => Promise<Answer> {
  const grants = new Map(parts.grants.map((grant) => [grant.name, grant]));
  return async (exchange) => {
    const { form } = exchange;
    const client = await parts.clientAuthentication.authenticate(exchange);
    const name = form.required('grant_type');
    const grant = grants.get(name);
    if (grant === undefined) throw unsupported(name, grants);
    assertMayUse(client, name);
    const constraint = await constraintOf(parts.bindings, exchange, client);
    assertBoundAsRegistered(client, constraint);
    const tokens = await grant.answer({ client, form, constraint });
    return privateAnswer(200, tokens, constraint?.headers);
  };
}

function unsupported(name: string, grants: ReadonlyMap<string, Grant>): OAuthError {
  const gone = name === 'password' || name === 'implicit' ? ', and OAuth 2.1 has no such grant' : '';
  const known = [...grants.keys()].join(' ');
  return new OAuthError('unsupported_grant_type', `the grant_type '${name}' is none of ${known}${gone}`);
}
