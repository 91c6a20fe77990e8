import { AccessError } from '../errors.js';
import type { Denial, Header } from '../model/decision.js';
import { headersByName } from '../model/headers.js';
import type { Refusal } from '../model/refusal.js';
import { type Answer, answers, titles } from './answers.js';

/** What this room is set to. */
export interface ChallengeSettings {
  /** Named in every challenge (RFC 9110 section 11.5). */
  readonly realm: string;
}

/** Turns a refusal into the answer that a client gets: status, headers, body, error. */
export function renderDenial(refusal: Refusal, neededScopes: readonly string[], settings: ChallengeSettings): Denial {
  const answer = answers[refusal.code];
  const headers = [...challengeHeaders(answer, neededScopes, settings), ...retryHeaders(refusal), noStore];
  return Object.freeze({
    granted: false,
    status: answer.status,
    headers: Object.freeze([...headers, problemType]),
    body: problemBody(answer),
    error: new AccessError({
      code: refusal.code,
      status: answer.status,
      message: answer.text ?? titles[answer.status],
      headers: Object.freeze(headersByName(headers)),
      detail: refusal.detail,
      cause: refusal.fields.cause,
    }),
  });
}

const noStore: Header = Object.freeze(['Cache-Control', 'no-store']);
const problemType: Header = Object.freeze(['Content-Type', 'application/problem+json']);
const maxRetryAfterSeconds = 120;

/** RFC 6750 section 3: with 400, 401 and 403; what is our own fault asks for no credentials. */
function challengeHeaders(answer: Answer, scopes: readonly string[], { realm }: ChallengeSettings): readonly Header[] {
  if (answer.status >= 500) return [];
  const parameters = [
    ['realm', realm],
    ['error', answer.error],
    ['error_description', answer.error && answer.text],
    ['scope', answer.namesScopes && scopes.length > 0 ? scopes.join(' ') : undefined],
  ];
  const written = parameters.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}="${value}"`);
  return [Object.freeze(['WWW-Authenticate', `Bearer ${written.join(', ')}`] as const)];
}

function retryHeaders({ fields: { retryAfterSeconds: seconds } }: Refusal): readonly Header[] {
  if (seconds === undefined || Number.isNaN(seconds)) return [];
  return [
    Object.freeze(['Retry-After', String(Math.min(Math.max(1, Math.ceil(seconds)), maxRetryAfterSeconds))] as const),
  ];
}

/** RFC 9457. A request without credentials is told no more than that (RFC 6750 section 3.1). */
function problemBody({ status, error, text }: Answer): string {
  return JSON.stringify({ type: 'about:blank', title: titles[status], status, error, detail: text });
}
