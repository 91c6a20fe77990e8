import type { RegisteredClient } from '../clients/registered-client.js';
import type { Granted, WantedAccess } from '../granted.js';
import type { Form } from '../http/form.js';
import { requestedDetails } from '../parameters/authorization-details.js';
import { requestedAudience } from '../parameters/resource.js';
import { requestedScope } from '../parameters/scope.js';
import { type Random, randomId } from '../random.js';
import type { SignIn } from '../stores/sign-in-store.js';
import type { User } from './user.js';

/** What requests are judged by. */
export interface RequestSettings {
  /** The audience of who names none. */
  readonly audience: string;
  readonly resources: ReadonlySet<string>;
  readonly authorizationDetailsTypes: readonly string[];
}

/** @throws OAuthError invalid_scope, invalid_target or invalid_authorization_details for what this client cannot have here. */
export function wantedAccess(form: Form, client: RegisteredClient, settings: RequestSettings): WantedAccess {
  return {
    scope: requestedScope(form, client),
    audience: requestedAudience(form, settings.resources) ?? [settings.audience],
    authorizationDetails: requestedDetails(form, settings.authorizationDetailsTypes),
  };
}

/** Who allowed what to whom. */
export interface Consent {
  readonly clientId: string;
  readonly wanted: WantedAccess;
  readonly user: User;
  readonly signIn: SignIn;
}

/** What a user who allowed it all has granted. */
export function grantedBy({ clientId, wanted, user, signIn }: Consent, random: Random): Granted {
  const { scope, audience, authorizationDetails } = wanted;
  return {
    id: randomId(random, 'grant'),
    clientId,
    subject: user.sub,
    scope,
    audience,
    authorizationDetails,
    ...signIn,
  };
}
