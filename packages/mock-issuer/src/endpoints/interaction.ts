import { type ApprovalParts, approve } from '../authorization/approval.js';
import type { AuthorizationRequest } from '../authorization/authorization-request.js';
import { type AuthorizationResponse, redirect } from '../authorization/authorization-response.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { invalidRequest, OAuthError } from '../http/oauth-error.js';
import { browserOf } from '../interaction/browser-cookie.js';
import type { InteractionStore } from '../interaction/interaction-store.js';

/** What the answers of users are judged with. */
export interface InteractionParts extends ApprovalParts {
  readonly issuer: string;
  readonly interactions: InteractionStore;
}

/** What the user said on the page: back to the client with it, once. */
export function interactionEndpoint(parts: InteractionParts): (exchange: Exchange) => Answer {
  return (exchange) => {
    const { form } = exchange;
    const decision = form.required('decision');
    if (decision !== 'allow' && decision !== 'deny') throw invalidRequest('the decision must be allow or deny');
    const request = openRequest(exchange, parts);
    const result = resultOf(request, decision, form.one('user'), parts);
    return redirect({ redirectUri: request.redirectUri, state: request.state, iss: parts.issuer, result });
  };
}

/** The request that was asked about, which is closed by this. @throws OAuthError for what no page of ours has sent. */
function openRequest(
  { form, headers }: Exchange,
  { interactions, nowSeconds }: InteractionParts,
): AuthorizationRequest {
  const id = form.required('interaction');
  const open = interactions.find(id);
  // Only the browser that was shown the page answers it: another site cannot have it say yes (RFC 9700 section 4.7).
  if (open === undefined || open.browser !== browserOf(headers)) {
    throw invalidRequest('this page was answered before, or was shown to another browser');
  }
  interactions.remove(id);
  if (nowSeconds() >= open.expiresAtSeconds) throw invalidRequest('this page was left open for too long');
  return open.request;
}

function resultOf(
  request: AuthorizationRequest,
  decision: 'allow' | 'deny',
  user: string | undefined,
  parts: InteractionParts,
): AuthorizationResponse['result'] {
  try {
    if (decision === 'deny') throw new OAuthError('access_denied', 'the user said no');
    return { code: approve(request, user, parts) };
  } catch (error) {
    if (error instanceof OAuthError) return { error };
    throw error;
  }
}
