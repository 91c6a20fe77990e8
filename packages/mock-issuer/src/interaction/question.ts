import type { Exchange } from '../http/exchange.js';
import { invalidRequest } from '../http/oauth-error.js';
import { type Random, randomText } from '../random.js';
import { browserCookie, browserOf } from './browser-cookie.js';
import type { InteractionStore } from './interaction-store.js';

/** Seconds a user has to answer. */
const INTERACTION_SECONDS = 600;

/** What questions are kept with until they are answered. */
export interface QuestionParts<About> {
  readonly interactions: InteractionStore<About>;
  readonly random: Random;
  readonly nowSeconds: () => number;
}

/** Where the pages of an issuer are. */
export interface QuestionPlace {
  readonly issuer: string;
  readonly path: string;
}

/** What a page must have so that its answer is known again. */
export interface OpenQuestion {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a user said. */
export interface UserAnswer<About> {
  readonly about: About;
  readonly decision: 'allow' | 'deny';
  /** The `sub` that was chosen. */
  readonly user: string | undefined;
}

/** Remembers what the browser that sent this is asked about. */
export function openQuestion<About>(
  about: About,
  { headers }: Exchange,
  { issuer, path }: QuestionPlace,
  { interactions, random, nowSeconds }: QuestionParts<About>,
): OpenQuestion {
  const browser = browserOf(headers) ?? randomText(random, 'interaction');
  const id = randomText(random, 'interaction');
  interactions.put(id, { about, browser, expiresAtSeconds: nowSeconds() + INTERACTION_SECONDS });
  const cookie = browserCookie(browser, { secure: issuer.startsWith('https:'), path: path || '/' });
  return { id, headers: { 'set-cookie': cookie } };
}

/** The answer to a question, which is closed by it. @throws OAuthError for what no page of ours has sent. */
export function closeQuestion<About>(
  { form, headers }: Exchange,
  { interactions, nowSeconds }: Omit<QuestionParts<About>, 'random'>,
): UserAnswer<About> {
  const decision = form.required('decision');
  if (decision !== 'allow' && decision !== 'deny') throw invalidRequest('the decision must be allow or deny');
  const id = form.required('interaction');
  const open = interactions.find(id);
  // Only the browser that was shown the page answers it: another site cannot have it say yes (RFC 9700 section 4.7).
  if (open === undefined || open.browser !== browserOf(headers)) {
    throw invalidRequest('this page was answered before, or was shown to another browser');
  }
  interactions.remove(id);
  if (nowSeconds() >= open.expiresAtSeconds) throw invalidRequest('this page was left open for too long');
  return { about: open.about, decision, user: form.one('user') };
}
