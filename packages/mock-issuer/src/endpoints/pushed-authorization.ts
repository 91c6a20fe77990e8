import { judgeRequest } from '../authorization/authorization-request.js';
import { requestedRedirectUri } from '../authorization/redirect-uri.js';
import type { RequestSettings } from '../authorization/wanted-access.js';
import { constraintOf, type TokenBinding } from '../binding/token-binding.js';
import { assertNoResourceServer, type ClientAuthentication } from '../client-authentication/authenticate-client.js';
import { type Answer, privateAnswer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { invalidRequest } from '../http/oauth-error.js';
import type { Lifetimes } from '../lifetimes.js';
import { type Random, randomText } from '../random.js';
import type { PushedRequestStore } from '../stores/pushed-request-store.js';

/** What the endpoint for pushed authorization requests stands on. */
export interface PushedAuthorizationParts {
  readonly clientAuthentication: ClientAuthentication;
  readonly bindings: readonly TokenBinding[];
  readonly requestSettings: RequestSettings;
  readonly pushedRequests: PushedRequestStore;
  readonly random: Random;
  readonly lifetimes: Lifetimes;
  readonly nowSeconds: () => number;
}

/** Pushed authorization requests (RFC 9126): judged now, by who sends them, and put before the user later under another name. */
export function pushedAuthorizationEndpoint(parts: PushedAuthorizationParts): (exchange: Exchange) => Promise<Answer> {
  return async (exchange) => {
    const { form } = exchange;
    const client = await parts.clientAuthentication.authenticate(exchange);
    assertNoResourceServer(client);
    if (form.one('request_uri') !== undefined) {
      throw invalidRequest('a request_uri cannot be pushed (RFC 9126 section 2.1)');
    }
    const request = judgeRequest(
      form,
      { client, redirectUri: requestedRedirectUri(form, client) },
      parts.requestSettings,
    );
    const constraint = await constraintOf(parts.bindings, exchange, client);
    const dpopJkt = keyOf(constraint?.cnf['jkt'], request.dpopJkt);
    const requestUri = `urn:ietf:params:oauth:request_uri:${randomText(parts.random, 'request')}`;
    const { pushedRequestSeconds } = parts.lifetimes;
    const expiresAtSeconds = parts.nowSeconds() + pushedRequestSeconds;
    // RFC 9126 section 2.1: what the client authenticated with is no part of its request, and is kept nowhere.
    const kept = form.without('client_secret', 'client_assertion', 'client_assertion_type');
    parts.pushedRequests.put(requestUri, { clientId: client.id, form: kept, dpopJkt, expiresAtSeconds });
    return privateAnswer(201, { request_uri: requestUri, expires_in: pushedRequestSeconds }, constraint?.headers);
  };
}

/** RFC 9449 section 10.1: a proof says the same as dpop_jkt, or nothing is pushed. */
function keyOf(proven: unknown, named: string | undefined): string | undefined {
  if (typeof proven !== 'string') return named;
  if (named !== undefined && named !== proven)
    throw invalidRequest('dpop_jkt names another key than that of the proof');
  return proven;
}
