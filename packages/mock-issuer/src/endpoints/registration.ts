import { isSameSecret } from '../client-authentication/same-secret.js';
import { judgeClientMetadata, type RegistrationTerms } from '../clients/client-metadata.js';
import { registeredClient } from '../clients/registered-client.js';
import { type Answer, privateAnswer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { OAuthError } from '../http/oauth-error.js';
import { type Random, randomId, randomText } from '../random.js';
import type { RegistrationSettings } from '../registration-options.js';
import type { RegistrationStore } from '../stores/registration-store.js';

/** What the registration endpoint stands on. */
export interface RegistrationParts {
  readonly registrations: RegistrationStore;
  readonly registrationTerms: () => RegistrationTerms;
  readonly random: Random;
  readonly nowSeconds: () => number;
}

/**
 * Dynamic client registration (RFC 7591 section 3). What was registered cannot be read, changed or deleted by its client: there is no RFC 7592
 * here.
 */
export function registrationEndpoint(
  { initialAccessToken }: RegistrationSettings,
  parts: RegistrationParts,
): (exchange: Exchange) => Answer {
  return (exchange) => {
    if (initialAccessToken !== undefined) assertToken(exchange, initialAccessToken);
    const metadata = judgeClientMetadata(exchange.json, parts.registrationTerms());
    const hasSecret = metadata.token_endpoint_auth_method.startsWith('client_secret');
    const given = {
      ...metadata,
      client_id: randomId(parts.random, 'client'),
      ...(hasSecret && { client_secret: randomText(parts.random, 'secret') }),
    };
    parts.registrations.put(registeredClient('client', given));
    return privateAnswer(201, {
      ...given,
      client_id_issued_at: parts.nowSeconds(),
      // Never (RFC 7591 section 3.2.1).
      ...(hasSecret && { client_secret_expires_at: 0 }),
    });
  };
}

/** RFC 7591 section 3 makes the endpoint a protected resource (RFC 6750), for who was given an initial access token. */
function assertToken({ headers: { authorization } }: Exchange, expected: string): void {
  const token = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
  if (token !== undefined && isSameSecret(token, expected)) return;
  // RFC 6750 section 3.1: whoever brought nothing is told of no error in the challenge.
  const challenge = `Bearer realm="mock-issuer"${authorization === undefined ? '' : ', error="invalid_token"'}`;
  const problem = authorization === undefined ? 'is needed, as a Bearer token' : 'is another one';
  throw new OAuthError('invalid_token', `the initial access token ${problem}`, {
    status: 401,
    headers: { 'www-authenticate': challenge },
  });
}
