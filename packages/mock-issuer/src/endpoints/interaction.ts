import { type ApprovalParts, approve } from '../authorization/approval.js';
import type { AuthorizationRequest } from '../authorization/authorization-request.js';
import { type AuthorizationResponse, redirect } from '../authorization/authorization-response.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { OAuthError } from '../http/oauth-error.js';
import type { InteractionStore } from '../interaction/interaction-store.js';
import { closeQuestion } from '../interaction/question.js';

/** What the answers of users are judged with. */
export interface InteractionParts extends ApprovalParts {
  readonly issuer: string;
  readonly interactions: InteractionStore<AuthorizationRequest>;
}

/** What the user said on the page: back to the client with it, once. */
export function interactionEndpoint(parts: InteractionParts): (exchange: Exchange) => Answer {
  return (exchange) => {
    const { about: request, decision, user } = closeQuestion(exchange, parts);
    const result = resultOf(request, decision, user, parts);
    return redirect({ redirectUri: request.redirectUri, state: request.state, iss: parts.issuer, result });
  };
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
