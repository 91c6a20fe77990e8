import type { Exchange } from '../http/exchange.js';
import type { Credentials } from './credentials.js';
import { invalidClient } from './invalid-client.js';
import type { AssertionContext } from './private-key-jwt.js';

/** self_signed_tls_client_auth (RFC 8705 section 2.2): the very certificate that is in the `x5c` of a registered key. */
export function selfSignedTlsClientAuth(
  { form, clientCertificate }: Exchange,
  { keysOf }: Pick<AssertionContext, 'keysOf'>,
): Credentials | undefined {
  const clientId = form.one('client_id');
  if (clientId === undefined || clientCertificate === undefined) return undefined;
  const shown = clientCertificate.certificate.raw.toString('base64');
  return {
    method: 'self_signed_tls_client_auth',
    clientId,
    verify: async (client) => {
      const { keys } = await keysOf(client);
      if (keys.some(({ x5c }) => x5c?.[0] === shown)) return;
      throw invalidClient(`the certificate is none of those in the jwks of '${client.id}'`);
    },
  };
}
