import type { AuthorizationRequest } from '../authorization/authorization-request.js';
import type { User } from '../authorization/user.js';
import { OAuthError } from '../http/oauth-error.js';
import { consentPage } from '../pages/consent-page.js';
import { type Random, randomText } from '../random.js';
import { browserCookie, browserOf } from './browser-cookie.js';
import type { Interact } from './interaction.js';
import type { InteractionStore } from './interaction-store.js';

/** Seconds a user has to answer. */
const INTERACTION_SECONDS = 600;

/** What pages are made with. */
export interface PagesParts {
  readonly interactions: InteractionStore;
  readonly users: readonly User[];
  readonly random: Random;
  readonly nowSeconds: () => number;
}

/** Where pages are. */
export interface PagesPlace {
  readonly issuer: string;
  readonly path: string;
  readonly interactionUri: string;
}

/** A page for every request: nobody is signed in before having said who. */
export function pagesOf(place: PagesPlace, parts: PagesParts): Interact {
  const cookiePlace = { secure: place.issuer.startsWith('https:'), path: place.path || '/' };
  return (request, { headers }) => {
    assertAskable(request);
    const browser = browserOf(headers) ?? randomText(parts.random, 'interaction');
    const id = randomText(parts.random, 'interaction');
    const expiresAtSeconds = parts.nowSeconds() + INTERACTION_SECONDS;
    parts.interactions.put(id, { request, browser, expiresAtSeconds });
    const cookie = { 'set-cookie': browserCookie(browser, cookiePlace) };
    return { page: consentPage({ request, users: parts.users, id, action: place.interactionUri }, cookie) };
  };
}

/** OpenID Connect Core section 3.1.2.1: `none` is never to show a page. */
function assertAskable({ prompt }: AuthorizationRequest): void {
  if (prompt.has('none')) throw new OAuthError('login_required', 'nobody is signed in, and prompt is none');
}
