import { isIP } from 'node:net';
import type { ClientRegistration } from '../clients/client-registration.js';
import { deviceCodeGrantType } from '../grants/device-code.js';
import { isLoopback } from '../http/listener.js';
import type { MockIssuerOptions } from '../options.js';
import { cliClient, DEFAULT_PORT, type ServeCommand } from './command.js';

/** A client as the command line has it, `ID` or `ID:SECRET`: the secret may have colons, the identifier none. */
export function credentialsOf(text: string): { readonly id: string; readonly secret: string | undefined } {
  const colon = text.indexOf(':');
  return colon < 0 ? { id: text, secret: undefined } : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** The options of the issuer that a command line asks for, over those of its file: flags win, and clients and users of both are there. */
export function optionsOf(command: ServeCommand, config: MockIssuerOptions = {}): MockIssuerOptions {
  const { audience, dangerouslyListenOn, stateFile } = command;
  // RFC 8252 section 7.3: a loopback address is registered once and used with any port.
  const redirects = command.redirectUris.length === 0 ? ['http://127.0.0.1/callback'] : command.redirectUris;
  const clients = joined(
    command.clients.map((text) => registration(text, redirects)),
    config.clients,
    ({ client_id }) => client_id,
  );
  const users = joined(
    command.users.map((sub) => ({ sub })),
    config.users,
    ({ sub }) => sub,
  );
  const options: MockIssuerOptions = {
    ...config,
    port: command.port ?? config.port ?? DEFAULT_PORT,
    ...(clients.length > 0 && { clients }),
    ...(users.length > 0 && { users }),
    ...(audience !== undefined && { audience }),
    ...(dangerouslyListenOn !== undefined && { dangerouslyListenOn }),
    ...(stateFile !== undefined && { stateFile }),
  };
  return hasOwnClient(options) ? { ...options, clients: [...clients, registration(cliClient, redirects)] } : options;
}

/** Those of the flags first, then those of the file that no flag names. */
function joined<T>(flagged: readonly T[], configured: readonly T[] | undefined = [], nameOf: (one: T) => string): T[] {
  const names = new Set(flagged.map(nameOf));
  return [...flagged, ...configured.filter((one) => !names.has(nameOf(one)))];
}

/** A secret that everybody knows is for this machine alone, and for an identifier that nobody else wants. */
function hasOwnClient(options: MockIssuerOptions): boolean {
  const { clients = [], resourceServers = [], users = [], dangerouslyListenOn: address = '127.0.0.1' } = options;
  const taken = [...clients, ...resourceServers].map((one) => one.client_id).concat(users.map(({ sub }) => sub));
  // What is no address is refused where options are judged.
  return !taken.includes(credentialsOf(cliClient).id) && isIP(address) !== 0 && isLoopback(address);
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
