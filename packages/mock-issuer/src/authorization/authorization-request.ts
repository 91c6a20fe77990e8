import type { RegisteredClient } from '../clients/registered-client.js';
import type { WantedAccess } from '../granted.js';
import type { Form } from '../http/form.js';
import { invalidRequest, OAuthError } from '../http/oauth-error.js';
import { requestedChallenge } from '../parameters/code-challenge.js';
import { type Prompt, requestedPrompt } from './prompt.js';
import { type RequestSettings, wantedAccess } from './wanted-access.js';

/** An authorization request (RFC 6749 section 4.1.1) that may be put before a user. */
export interface AuthorizationRequest extends WantedAccess {
  readonly client: RegisteredClient;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly codeChallenge: string;
  readonly dpopJkt: string | undefined;
  /** RFC 9470 section 4; the first is the dearest, and none is no wish. */
  readonly acrValues: readonly string[];
  readonly maxAgeSeconds: number | undefined;
  readonly prompt: Prompt;
  /** The `sub` of the user it is about, if the client knows. */
  readonly loginHint: string | undefined;
}

/** Whose request it is, and where its answer goes. */
export interface ReturnAddress {
  readonly client: RegisteredClient;
  readonly redirectUri: string;
}

/** @throws OAuthError that says what is wrong with the request. */
export function judgeRequest(
  form: Form,
  { client, redirectUri }: ReturnAddress,
  settings: RequestSettings,
): AuthorizationRequest {
  form.assertUnrepeated();
  assertResponseType(form);
  if (!client.grantTypes.includes('authorization_code')) {
    throw new OAuthError('unauthorized_client', `the client '${client.id}' may not use the grant authorization_code`);
  }
  return {
    client,
    redirectUri,
    state: form.one('state'),
    codeChallenge: requestedChallenge(form),
    dpopJkt: form.one('dpop_jkt'),
    ...wantedAccess(form, client, settings),
    acrValues: form.one('acr_values')?.split(' ').filter(Boolean) ?? [],
    maxAgeSeconds: maxAge(form),
    prompt: requestedPrompt(form),
    loginHint: form.one('login_hint'),
  };
}

function assertResponseType(form: Form): void {
  if (form.one('request') !== undefined) {
    // OpenID Connect Core section 6.1 has the code.
    throw new OAuthError(
      'request_not_supported',
      'the parameter request is not known here; see request_uri (RFC 9126)',
    );
  }
  const type = form.required('response_type');
  if (type !== 'code') throw new OAuthError('unsupported_response_type', `the response_type '${type}' must be code`);
  const mode = form.one('response_mode') ?? 'query';
  if (mode !== 'query') throw invalidRequest(`the response_mode '${mode}' must be query`);
}

function maxAge(form: Form): number | undefined {
  const text = form.one('max_age');
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalidRequest('the parameter max_age must be a whole number of seconds');
  return Number(text);
}
