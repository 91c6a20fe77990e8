import { AccessError, type AccessErrorCode } from '../errors.js';
import type { Denied, Header } from '../model/decision.js';
import { headersByName } from '../model/headers.js';
import type { Refusal } from '../model/refusal.js';
import { type Answer, answers, titles } from './error-table.js';

/** What this room is set to. */
export interface ChallengeSettings {
  /** Named in every challenge (RFC 9110 section 11.5). */
  readonly realm: string;
}

/** Semaphore a refusal into the answer that a client gets: status, headers, body, error. */
export function renderDenial(refusal: Refusal, neededScopes: readonly string[], settings: ChallengeSettings): Denied {
  return new DeniedDecision(refusal, renderedAnswer(refusal, neededScopes, settings));
}

/** All that the client reads. */
interface RenderedAnswer {
  readonly status: Denied['status'];
  readonly headers: readonly Header[];
  readonly body: string;
}

/** A denial whose error is made when somebody asks for it: most answers are sent as they are. */
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
  // The framework that takes an error writes a body of its own, and says of what type it is.
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

/** Answers in which nothing changes from request to request, by the settings that they were rendered with. */
const rendered = new WeakMap<ChallengeSettings, Map<AccessErrorCode, RenderedAnswer>>();

function renderedAnswer(refusal: Refusal, scopes: readonly string[], settings: ChallengeSettings): RenderedAnswer {
  const answer = answers[refusal.code];
  const isAlwaysTheSame = refusal.fields.retryAfterSeconds === undefined && !(answer.namesScopes && scopes.length > 0);
  if (!isAlwaysTheSame) return render(answer, refusal, scopes, settings);
  const known = rendered.get(settings) ?? new Map<AccessErrorCode, RenderedAnswer>();
  rendered.set(settings, known);
  const found = known.get(refusal.code) ?? render(answer, refusal, [], settings);
  known.set(refusal.code, found);
  return found;
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
