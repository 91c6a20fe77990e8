import { randomBytes } from 'node:crypto';
import type { JsonObject } from './judge.js';
import { type Mint, overlay, signDraft } from './mint.js';
import type { TokenStore } from './stores/token-store.js';
import type { AccessTokenFormat, TokenRequest } from './token-request.js';

/** Claims that a token shall have instead of, or beside, those it would have had; `undefined` takes one away. */
export type ClaimChange = (claims: JsonObject) => JsonObject;

const unchanged: ClaimChange = () => ({});

/** 256 random bits in base64url: what no one can guess (RFC 6749 section 10.10). */
export function randomText(): string {
  return randomBytes(32).toString('base64url');
}

/** Issues access tokens: what it hands out, introspection knows. */
export class Issuance {
  readonly #mint: Mint;
  readonly #tokens: TokenStore;
  readonly #format: AccessTokenFormat;

  constructor(mint: Mint, tokens: TokenStore, format: AccessTokenFormat) {
    this.#mint = mint;
    this.#tokens = tokens;
    this.#format = format;
  }

  /** @throws TypeError when the request has an unknown or ill-typed member. */
  async issue(request: TokenRequest = {}, change: ClaimChange = unchanged): Promise<string> {
    const format = request.format ?? this.#format;
    return format === 'opaque' ? this.#issueOpaque(request, change) : this.#issueJwt(request, change);
  }

  #issueOpaque(request: TokenRequest, change: ClaimChange): string {
    const claims = this.#mint.claims(request);
    const token = randomText();
    this.#tokens.rememberOpaque(token, overlay(claims, change(claims)));
    return token;
  }

  async #issueJwt(request: TokenRequest, change: ClaimChange): Promise<string> {
    const draft = await this.#mint.draft(request);
    const token = signDraft({ ...draft, claims: overlay(draft.claims, change(draft.claims)) });
    this.#tokens.rememberJwt(token);
    return token;
  }
}
