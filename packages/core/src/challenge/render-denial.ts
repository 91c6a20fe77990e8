import { AccessError, type AccessErrorCode } from '../errors.js';
import type { Denied, Header } from '../model/decision.js';
import { headersByName } from '../model/headers.js';
import type { Refusal } from '../model/refusal.js';
import { type Answer, answers, titles } from './error-table.js';

/** Settings of the responses to refused requests. */
export interface ChallengeSettings {
  /** The `realm` of every challenge (RFC 9110 section 11.5). */
  readonly realm: string;
}

/**
 * Renders a refusal as the response that the client gets: status, headers, body and error.
 *
 * @param neededScopes the `scope` of the challenge, where the error code permits one
 */
export function renderDenial(refusal: Refusal, neededScopes: readonly string[], settings: ChallengeSettings): Denied {
  return new DeniedDecision(refusal, renderedAnswer(refusal, neededScopes, settings));
}

/** The part of a denial that is sent to the client. */
interface RenderedAnswer {
  readonly status: Denied['status'];
  readonly headers: readonly Header[];
  readonly body: string;
}

/** A denial. Its error is created on first access: most responses are sent without it. */
class DeniedDecision implements Denied {
  readonly granted = false;
  readonly status: Denied['status'];
  readonly headers: readonly Header[];
  readonly body: string;
  readonly #refusal: Refusal;
  #error: AccessError | undefined;

  constructor(refusal: Refusal, { status, headers, body }: RenderedAnswer) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.#refusal = refusal;
    Object.freeze(this);
  }

  get error(): AccessError {
    this.#error ??= errorOf(this.#refusal, this);
    return this.#error;
  }
}

Object.freeze(DeniedDecision.prototype);

function errorOf({ code, detail, fields }: Refusal, { status, headers }: RenderedAnswer): AccessError {
  // The framework's error handler writes its own body, with its own Content-Type.
  const others = headers.filter((header) => header !== problemType);
  return new AccessError({
    code,
    status,
    message: answers[code].text ?? titles[status],
    headers: Object.freeze(headersByName(others)),
    detail,
    cause: fields.cause,
  });
}

/** Cache of the responses that are the same for every request, by their settings. */
const rendered = new WeakMap<ChallengeSettings, Map<AccessErrorCode, RenderedAnswer>>();

function renderedAnswer(refusal: Refusal, scopes: readonly string[], settings: ChallengeSettings): RenderedAnswer {
  const answer = answers[refusal.code];
  const isConstant = refusal.fields.retryAfterSeconds === undefined && !(answer.namesScopes && scopes.length > 0);
  if (!isConstant) return render(answer, refusal, scopes, settings);
  const cache = rendered.get(settings) ?? new Map<AccessErrorCode, RenderedAnswer>();
  rendered.set(settings, cache);
  const response = cache.get(refusal.code) ?? render(answer, refusal, [], settings);
  cache.set(refusal.code, response);
  return response;
}

function render(
  answer: Answer,
  refusal: Refusal,
  scopes: readonly string[],
  settings: ChallengeSettings,
): RenderedAnswer {
  const headers = [...challengeHeaders(answer, scopes, settings), ...retryHeaders(refusal), noStore, problemType];
  return Object.freeze({ status: answer.status, headers: Object.freeze(headers), body: problemBody(answer) });
}

const noStore: Header = Object.freeze(['Cache-Control', 'no-store']);
const problemType: Header = Object.freeze(['Content-Type', 'application/problem+json']);
const maxRetryAfterSeconds = 120;

/**
 * The challenge (RFC 6750 section 3) for 400, 401 and 403. New credentials cannot fix a 500 or 503.
 */
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

/**
 * The problem document (RFC 9457). For a request without credentials it contains no error code and
 * no detail (RFC 6750 section 3.1).
 */
function problemBody({ status, error, text }: Answer): string {
  return JSON.stringify({ type: 'about:blank', title: titles[status], status, error, detail: text });
}
