import { judgeRequest } from '../authorization/authorization-request.js';
import { type AuthorizationResponse, redirect } from '../authorization/authorization-response.js';
import { requestedRedirectUri } from '../authorization/redirect-uri.js';
import type { RequestSettings } from '../authorization/wanted-access.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { Form } from '../http/form.js';
import { invalidRequest, OAuthError } from '../http/oauth-error.js';
import type { Interact } from '../interaction/interaction.js';
import type { ClientStore } from '../stores/client-store.js';
import type { PushedRequestStore } from '../stores/pushed-request-store.js';

/** What the authorization endpoint stands on. */
export interface AuthorizationParts {
  readonly issuer: string;
  readonly clients: ClientStore;
  readonly pushedRequests: PushedRequestStore;
  readonly requestSettings: RequestSettings;
  /** Nobody may send a request here that was not pushed (RFC 9126 section 5). */
  readonly requirePushedAuthorizationRequests: boolean;
  readonly interact: Interact;
  readonly nowSeconds: () => number;
}

/** A request with its parameters, wherever they came from. */
interface FoundRequest {
  readonly client: RegisteredClient;
  readonly form: Form;
  /** It was pushed; with the key it was pushed with, if there was one (RFC 9449 section 10.1). */
  readonly pushed?: { readonly dpopJkt: string | undefined };
}

/**
 * The authorization endpoint (RFC 6749 section 3.1). Until the client and its redirect URI are known to be right, what is wrong is told to the
 * user; after that, to the client.
 */
export function authorizationEndpoint(parts: AuthorizationParts): (exchange: Exchange) => Answer {
  return (exchange) => {
    const found = findRequest(exchange.form, parts);
    const { client, form } = found;
    form.assertUnrepeated(['redirect_uri']);
    const redirectUri = requestedRedirectUri(form, client);
    const back = (result: AuthorizationResponse['result']): Answer =>
      redirect({ redirectUri, state: stateOf(form), iss: parts.issuer, result });
    try {
      assertPushedWhereRequired(found, parts);
      const request = judgeRequest(form, { client, redirectUri }, parts.requestSettings);
      const bound = { ...request, dpopJkt: request.dpopJkt ?? found.pushed?.dpopJkt };
      const interaction = parts.interact(bound, exchange);
      return 'page' in interaction ? interaction.page : back(interaction);
    } catch (error) {
      if (error instanceof OAuthError) return back({ error });
      throw error;
    }
  };
}

/** @throws OAuthError that is for the user: nobody can tell yet where a client would be told of it. */
function findRequest(sent: Form, parts: AuthorizationParts): FoundRequest {
  sent.assertUnrepeated(['client_id', 'request_uri']);
  const client = parts.clients.find(sent.required('client_id'));
  if (client === undefined || client.role !== 'client') {
    throw new OAuthError('invalid_client', `no client '${sent.one('client_id')}' is registered`);
  }
  const requestUri = sent.one('request_uri');
  if (requestUri === undefined) return { client, form: sent };
  const pushed = parts.pushedRequests.find(requestUri);
  // Nothing beside a request_uri counts (RFC 9101 section 6.3), and none counts twice (RFC 9126 section 4).
  if (pushed === undefined) throw invalidRequestUri('is unknown, or was used before');
  if (pushed.clientId !== client.id) throw invalidRequestUri('was pushed by another client');
  parts.pushedRequests.remove(requestUri);
  if (parts.nowSeconds() >= pushed.expiresAtSeconds) throw invalidRequestUri('expired');
  return { client, form: pushed.form, pushed };
}

function assertPushedWhereRequired({ client, pushed }: FoundRequest, parts: AuthorizationParts): void {
  if (pushed !== undefined) return;
  if (parts.requirePushedAuthorizationRequests)
    throw invalidRequest('authorization requests must be pushed (RFC 9126)');
  if (client.requiresPushedRequests) {
    throw invalidRequest(`the client '${client.id}' is registered to push its authorization requests (RFC 9126)`);
  }
}

/** A state that came twice is none: which one would the client look for? */
function stateOf(form: Form): string | undefined {
  const [state, ...others] = form.all('state');
  return others.length === 0 ? state : undefined;
}

function invalidRequestUri(problem: string): OAuthError {
  return new OAuthError('invalid_request_uri', `the request_uri ${problem}`);
}
