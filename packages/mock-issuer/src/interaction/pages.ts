import type { AuthorizationRequest } from '../authorization/authorization-request.js';
import type { User } from '../authorization/user.js';
import { OAuthError } from '../http/oauth-error.js';
import { consentPage } from '../pages/consent-page.js';
import { html } from '../pages/html.js';
import type { Interact } from './interaction.js';
import { openQuestion, type QuestionParts, type QuestionPlace } from './question.js';

/** What pages are made with. */
export interface PagesParts extends QuestionParts<AuthorizationRequest> {
  readonly users: readonly User[];
}

/** Where pages are. */
export interface PagesPlace extends QuestionPlace {
  readonly interactionUri: string;
}

/** A page for every request: nobody is signed in before having said who. */
export function pagesOf(place: PagesPlace, parts: PagesParts): Interact {
  return (request, exchange) => {
    assertAskable(request);
    const { id, headers } = openQuestion(request, exchange, place, parts);
    const { client, loginHint } = request;
    const way = html`, and sends you back to <code>${request.redirectUri}</code>.`;
    const question = { client, wanted: request, way, loginHint, users: parts.users, id, action: place.interactionUri };
    return { page: consentPage(question, headers) };
  };
}

/** OpenID Connect Core section 3.1.2.1: `none` is never to show a page. */
function assertAskable({ prompt }: AuthorizationRequest): void {
  if (prompt.has('none')) throw new OAuthError('login_required', 'nobody is signed in, and prompt is none');
}
