import { isIP } from 'node:net';
import type { ClientRegistration } from '../clients/client-registration.js';
import { deviceCodeGrantType } from '../grants/device-code.js';
import { isLoopback } from '../http/listener.js';
import type { MockIssuerOptions } from '../options.js';
import { cliClient, type ServeCommand } from './command.js';

/** A client as the command line has it, `ID` or `ID:SECRET`: the secret may have colons, the identifier none. */
export function credentialsOf(text: string): { readonly id: string; readonly secret: string | undefined } {
  const colon = text.indexOf(':');
  return colon < 0 ? { id: text, secret: undefined } : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** The options of the issuer that a command line asks for. */
export function optionsOf(command: ServeCommand): MockIssuerOptions {
  const { clients, users, redirectUris, port, audience, dangerouslyListenOn } = command;
  // RFC 8252 section 7.3: a loopback address is registered once and used with any port.
  const redirects = redirectUris.length === 0 ? ['http://127.0.0.1/callback'] : redirectUris;
  const all = [...clients, ...(hasOwnClient(command) ? [cliClient] : [])];
  return {
    port,
    ...(all.length > 0 && { clients: all.map((text) => registration(text, redirects)) }),
    ...(audience !== undefined && { audience }),
    ...(dangerouslyListenOn !== undefined && { dangerouslyListenOn }),
    ...(users.length > 0 && { users: users.map((sub) => ({ sub })) }),
  };
}

/** A secret that everybody knows is for this machine alone, and for an identifier that nobody else wants. */
function hasOwnClient({ clients, dangerouslyListenOn: address = '127.0.0.1' }: ServeCommand): boolean {
  const isFree = clients.every((text) => credentialsOf(text).id !== credentialsOf(cliClient).id);
  // What is no address is refused where options are judged.
  return isFree && isIP(address) !== 0 && isLoopback(address);
}

/** Grants that a user stands behind. */
const forUsers: readonly string[] = ['authorization_code', 'refresh_token', deviceCodeGrantType];

function registration(text: string, redirectUris: readonly string[]): ClientRegistration {
  const { id, secret } = credentialsOf(text);
  const base = { client_id: id, redirect_uris: redirectUris };
  if (secret === undefined) {
    return { ...base, token_endpoint_auth_method: 'none', grant_types: forUsers };
  }
  return { ...base, client_secret: secret, grant_types: [...forUsers, 'client_credentials'] };
}
