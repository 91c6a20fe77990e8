import type { RegisteredClient } from '../clients/registered-client.js';
import type { Form } from '../http/form.js';
import { invalidRequest } from '../http/oauth-error.js';
import { isObject, type JsonObject } from '../judge.js';
import { agrees } from './agrees.js';
import { type PresentedToken, type PresentedTokenParts, presentedToken } from './presented-token.js';

/**
 * Who acts for the subject (RFC 8693 section 1.1), if the request says so: with an actor the new token is a delegation, without one its
 * client takes the place of the subject.
 *
 * @throws OAuthError invalid_request for an actor who is no client's own, or acts for another itself.
 */
export function presentedActor(
  form: Form,
  client: RegisteredClient,
  parts: PresentedTokenParts,
): PresentedToken | undefined {
  if (form.one('actor_token') === undefined) {
    if (form.one('actor_token_type') === undefined) return undefined;
    throw invalidRequest('the parameter actor_token_type is there and actor_token is not');
  }
  const actor = presentedToken(form, 'actor_token', parts);
  // Whoever was sent a token as an API could make its subject act for another, who knows nothing of that.
  if (actor.claims['client_id'] !== client.id) throw invalidRequest(`the actor_token was not issued to '${client.id}'`);
  // The chain in act is that of the subject; that of the actor would be lost without a word.
  if (actor.claims['act'] !== undefined) throw invalidRequest('the actor_token is of one for whom another acts');
  return actor;
}

/** @throws OAuthError invalid_request when the subject says who may act for it (RFC 8693 section 4.4), and it is somebody else. */
export function assertMayAct(subject: PresentedToken, actor: Readonly<JsonObject>): void {
  const { may_act: named } = subject.claims;
  if (named === undefined || agrees(named, actor)) return;
  const { sub, client_id } = actor;
  throw invalidRequest(
    `the may_act of the subject_token is ${JSON.stringify(named)}, and who would act is '${sub}' by the client '${client_id}'`,
  );
}

/**
 * The claim `act` of the new token (RFC 8693 section 4.1): the actor, if there is one, and within it those who acted before. They are never
 * dropped.
 *
 * @throws OAuthError invalid_request when the subject token has a claim of that name which is none.
 */
export function actClaim({ claims: { act: prior } }: PresentedToken, actor?: PresentedToken): JsonObject | undefined {
  if (prior !== undefined && !isObject(prior)) throw invalidRequest('the act of the subject_token is no object');
  if (actor === undefined) return prior;
  return { sub: actor.subject, ...(prior !== undefined && { act: prior }) };
}
