import type { Form } from '../http/form.js';
import { invalidRequest } from '../http/oauth-error.js';
import { isFilled, type JsonObject } from '../judge.js';
import type { TokenStore } from '../stores/token-store.js';
import { inactivity } from '../tokens/token-state.js';

/** RFC 8693 section 3: an access token of the issuer that is asked, whatever it looks like. */
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** What tokens that are presented are judged with. */
export interface PresentedTokenParts {
  readonly issuer: string;
  readonly tokens: TokenStore;
  /** The status list says that a token is invalid or suspended. */
  readonly isBarred: (token: string) => boolean;
  readonly nowSeconds: () => number;
}

/** A parameter that is a token, with another one beside it that says of which type. */
export type TokenParameter = 'subject_token' | 'actor_token';

/** An active access token that somebody presents. */
export interface PresentedToken {
  readonly parameter: TokenParameter;
  readonly claims: JsonObject;
  readonly subject: string;
  /** What it was granted by, unless it was minted by hand. */
  readonly grantId: string | undefined;
}

/** @throws OAuthError invalid_request (RFC 8693 section 2.2.2) for what is missing, of another type, or no good. */
export function presentedToken(form: Form, parameter: TokenParameter, parts: PresentedTokenParts): PresentedToken {
  const token = form.required(parameter);
  assertAccessTokenType(`${parameter}_type`, form.required(`${parameter}_type`));
  const issued = parts.tokens.find(token);
  if (issued === undefined) throw invalidRequest(`the ${parameter} is no access token that was issued here`);
  const { claims, grantId } = issued;
  const reason = inactivity(issued, { issuer: parts.issuer, nowSeconds: parts.nowSeconds() });
  if (reason !== undefined) throw invalidRequest(`the ${parameter} ${reason}`);
  if (parts.isBarred(token)) throw invalidRequest(`the ${parameter} is invalid or suspended by the status list`);
  const { sub } = claims;
  if (!isFilled(sub)) throw invalidRequest(`the ${parameter} is about nobody: it has no sub`);
  return { parameter, claims, subject: sub, grantId };
}

/** @throws OAuthError invalid_request for every other type. */
export function assertAccessTokenType(parameter: string, type: string): void {
  if (type === accessTokenType) return;
  throw invalidRequest(`the ${parameter} '${type}' must be ${accessTokenType}; nothing else is exchanged here`);
}
