import type { Exchange } from '../http/exchange.js';
import { invalidRequest } from '../http/oauth-error.js';
import type { Credentials } from './credentials.js';
import { invalidClient } from './invalid-client.js';
import { isSameSecret } from './same-secret.js';

/** client_secret_post (RFC 6749 section 2.3.1): identifier and secret among the parameters of the body. */
export function clientSecretPost({ form }: Exchange): Credentials | undefined {
  const given = form.one('client_secret');
  if (given === undefined) return undefined;
  const clientId = form.one('client_id');
  if (clientId === undefined) throw invalidRequest('there is a client_secret and no client_id');
  return {
    method: 'client_secret_post',
    clientId,
    verify: ({ id, secret }) => {
      if (secret !== undefined && isSameSecret(secret, given)) return;
      throw invalidClient(`the client_secret of '${id}' is another one`);
    },
  };
}
