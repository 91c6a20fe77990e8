import type { Exchange } from '../http/exchange.js';
import type { Credentials } from './credentials.js';

/** none: a public client says who it is, and nothing can show it (RFC 6749 section 2.1). */
export function noCredentials({ form }: Exchange): Credentials | undefined {
  const clientId = form.one('client_id');
  return clientId === undefined ? undefined : { method: 'none', clientId, verify: () => {} };
}
