import type { RegisteredClient } from '../clients/registered-client.js';
import type { Exchange } from '../http/exchange.js';
import type { Credentials } from './credentials.js';
import { invalidClient } from './invalid-client.js';
import { isSameSecret } from './same-secret.js';

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/**
 * client_secret_basic (RFC 6749 section 2.3.1): identifier and secret are form-encoded before they are joined and base64-encoded.
 *
 * @throws OAuthError invalid_client when there is an Authorization header that is nothing of the kind.
 */
export function clientSecretBasic({ headers: { authorization } }: Exchange): Credentials | undefined {
  if (authorization === undefined) return undefined;
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) throw invalidClient('the Authorization header must be Basic credentials in base64');
  const pair = Buffer.from(encoded, 'base64').toString();
  const colon = pair.indexOf(':');
  if (colon === -1) throw invalidClient('the Basic credentials have no colon between client_id and client_secret');
  const [rawId, rawSecret] = [pair.slice(0, colon), pair.slice(colon + 1)];
  const secret = formDecoded(rawSecret);
  return {
    method: 'client_secret_basic',
    clientId: formDecoded(rawId) ?? rawId,
    verify: (client) => verify(client, secret, rawSecret),
  };
}

function verify({ id, secret }: RegisteredClient, given: string | undefined, raw: string): void {
  if (secret !== undefined && given !== undefined && isSameSecret(secret, given)) return;
  const unencoded = secret !== undefined && isSameSecret(secret, raw);
  throw invalidClient(
    unencoded
      ? `the client_secret of '${id}' must be form-encoded before it is base64-encoded (RFC 6749 section 2.3.1)`
      : `the client_secret of '${id}' is another one`,
  );
}

/** `undefined` for text that no form has. */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
