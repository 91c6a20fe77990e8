import type { RegisteredClient } from '../clients/registered-client.js';
import type { Granted } from '../granted.js';
import type { Form } from '../http/form.js';
import { invalidRequest, OAuthError } from '../http/oauth-error.js';
import { isFilled, isObject, type JsonObject } from '../judge.js';
import { narrowedDetails } from '../parameters/authorization-details.js';
import { targetedAudience } from '../parameters/resource.js';
import { narrowedScope, requestedScope } from '../parameters/scope.js';
import { type Random, randomId } from '../random.js';
import type { PresentedToken } from './presented-token.js';

/** What exchanged tokens are made of. */
export interface ExchangedAccessParts {
  readonly random: Random;
  readonly resources: ReadonlySet<string>;
}

/**
 * What the new token is for: about the same subject, no more than the subject token can do, for the same audience or for others that are
 * known here. It belongs to the same grant, so that it is revoked with it.
 *
 * @throws OAuthError invalid_scope, invalid_target or invalid_authorization_details for what goes beyond that.
 */
export function exchangedAccess(
  { claims, subject, grantId }: PresentedToken,
  client: RegisteredClient,
  form: Form,
  { random, resources }: ExchangedAccessParts,
): Granted {
  const { acr, auth_time: authTime } = claims;
  return {
    id: grantId ?? randomId(random, 'grant'),
    clientId: client.id,
    subject,
    scope: exchangedScope(claims, client, form),
    audience: exchangedAudience(claims, form, resources),
    authorizationDetails: narrowedDetails(form, detailsOf(claims)),
    ...(typeof acr === 'string' && { acr }),
    ...(typeof authTime === 'number' && { authTime }),
  };
}

/** When the new token is over: as others are, and not after the subject token. @throws OAuthError invalid_request for an `exp` that is no number. */
export function exchangedExpiry({ claims: { exp } }: PresentedToken, usualSeconds: number): number {
  if (exp === undefined) return usualSeconds;
  if (typeof exp !== 'number') throw invalidRequest('the exp of the subject_token is no number');
  return Math.min(usualSeconds, Math.floor(exp));
}

/** Neither beyond the subject token nor beyond what the client is registered for. */
function exchangedScope({ scope }: JsonObject, client: RegisteredClient, form: Form): readonly string[] {
  requestedScope(form, client);
  const held = typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [];
  return narrowedScope(
    form,
    held.filter((one) => client.scopes?.includes(one) !== false),
  );
}

function exchangedAudience({ aud }: JsonObject, form: Form, resources: ReadonlySet<string>): readonly string[] {
  const held = [aud].flat().filter(isFilled);
  const audience = targetedAudience(form, new Set([...held, ...resources])) ?? held;
  if (audience.length > 0) return audience;
  throw new OAuthError('invalid_target', 'the subject_token has no aud; name a resource or an audience');
}

function detailsOf({ authorization_details: details }: JsonObject): readonly JsonObject[] | undefined {
  return Array.isArray(details) && details.length > 0 && details.every(isObject) ? details : undefined;
}
