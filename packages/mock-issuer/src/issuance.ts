import type { JsonObject } from './judge.js';
import { type Mint, overlay, signDraft } from './mint.js';
import { randomText } from './random.js';
import type { TokenStore } from './stores/token-store.js';
import type { AccessTokenFormat, TokenRequest } from './token-request.js';
import type { TokenStatuses } from './token-status.js';

/** Claims that a token shall have instead of, or beside, those it would have had; `undefined` takes one away. */
export type ClaimChange = (claims: JsonObject) => JsonObject;

const unchanged: ClaimChange = () => ({});

/** What else there is to know of a token when it is issued. */
export interface IssueDetails {
  readonly change?: ClaimChange;
  /** What it was granted by, and is revoked with. */
  readonly grantId?: string | undefined;
}

/** Issues access tokens: what it hands out, introspection knows. */
export class Issuance {
  readonly #mint: Mint;
  readonly #tokens: TokenStore;
  readonly #statuses: TokenStatuses;
  readonly #format: AccessTokenFormat;

  constructor(mint: Mint, tokens: TokenStore, statuses: TokenStatuses, format: AccessTokenFormat) {
    this.#mint = mint;
    this.#tokens = tokens;
    this.#statuses = statuses;
    this.#format = format;
  }

  /** @throws TypeError when the request has an unknown or ill-typed member. */
  async issue(request: TokenRequest = {}, details: IssueDetails = {}): Promise<string> {
    const format = request.format ?? this.#format;
    return format === 'opaque' ? this.#issueOpaque(request, details) : this.#issueJwt(request, details);
  }

  #issueOpaque(request: TokenRequest, { change, grantId }: IssueDetails): string {
    const claims = this.#changed(this.#mint.claims(request), request, change);
    const token = randomText(this.#mint.settings.random, 'token');
    this.#tokens.rememberOpaque(token, claims, grantId);
    return token;
  }

  async #issueJwt(request: TokenRequest, { change, grantId }: IssueDetails): Promise<string> {
    const draft = await this.#mint.draft(request);
    const token = signDraft({ ...draft, claims: this.#changed(draft.claims, request, change) });
    this.#tokens.rememberJwt(token, grantId);
    return token;
  }

  /** The request's own claims come last, and what is wrong with a bad token after them. */
  #changed(claims: JsonObject, { status, claims: own }: TokenRequest, change = unchanged): JsonObject {
    const placed = status === undefined ? claims : overlay({ ...claims, status: this.#statuses.claim(status) }, own);
    return overlay(placed, change(placed));
  }
}
