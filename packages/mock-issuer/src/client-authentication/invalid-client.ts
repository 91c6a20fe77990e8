import { OAuthError } from '../http/oauth-error.js';

/** The sender is not who it says, or does not say it. RFC 9110 section 11.6.1 has every 401 name a way in; RFC 6749 section 5.2 has it be the one that was tried. */
export function invalidClient(description: string): OAuthError {
  return new OAuthError('invalid_client', description, {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="mock-issuer", charset="UTF-8"' },
  });
}
