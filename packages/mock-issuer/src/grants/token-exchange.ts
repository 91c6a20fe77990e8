import { assertConfidential } from '../client-authentication/authenticate-client.js';
import { actClaim, assertMayAct, presentedActor } from '../exchange/actor.js';
import { type ExchangedAccessParts, exchangedAccess, exchangedExpiry } from '../exchange/exchanged-access.js';
import { assertProven } from '../exchange/possession.js';
import {
  accessTokenType,
  assertAccessTokenType,
  type PresentedTokenParts,
  presentedToken,
} from '../exchange/presented-token.js';
import type { Lifetimes } from '../lifetimes.js';
import type { TokenIssuer } from '../tokens/token-issuer.js';
import type { Grant } from './grant.js';

/** What this grant stands on. */
export interface TokenExchangeParts extends ExchangedAccessParts, PresentedTokenParts {
  readonly tokenIssuer: TokenIssuer;
  readonly lifetimes: Lifetimes;
}

/** The `grant_type` of RFC 8693 section 2.1. */
const name = 'urn:ietf:params:oauth:grant-type:token-exchange';

/**
 * Token exchange (RFC 8693): an access token of this issuer for another one about the same subject, which can do no more, lives no longer
 * and goes with the same grant. For clients that can be told from others; there is no refresh token.
 */
export function tokenExchangeGrant(parts: TokenExchangeParts): Grant {
  return {
    name,
    answer: async ({ client, form, constraint }) => {
      assertConfidential(client, name);
      assertAccessTokenType('requested_token_type', form.one('requested_token_type') ?? accessTokenType);
      const subject = presentedToken(form, 'subject_token', parts);
      const actor = presentedActor(form, client, parts);
      assertMayAct(subject, actor?.claims ?? { iss: parts.issuer, sub: client.id, client_id: client.id });
      assertProven(subject, constraint);
      if (actor !== undefined) assertProven(actor, constraint);
      const granted = exchangedAccess(subject, client, form, parts);
      const now = parts.nowSeconds();
      const exp = exchangedExpiry(subject, now + parts.lifetimes.accessTokenSeconds);
      // may_act goes on to bind: who may not exchange the one token may not exchange the other either.
      const claims = { exp, act: actClaim(subject, actor), may_act: subject.claims['may_act'] };
      const tokens = await parts.tokenIssuer.access(granted, constraint, { lifetimeSeconds: exp - now, claims });
      return { ...tokens, issued_token_type: accessTokenType };
    },
  };
}
