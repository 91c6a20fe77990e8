import { algorithmRule } from '../algorithms.js';
import { isFilled, isFilledList, judge, type Rule } from '../judge.js';
import { authenticationMethods } from './authentication-method.js';
import type { ClientRegistration, ResourceServerRegistration } from './client-registration.js';

const text: Rule = { expected: 'a string, not empty', accepts: isFilled };

// RFC 6749 appendix A.1 has client identifiers of visible ASCII and spaces; what must be told from nothing at all has none of the latter.
const clientId: Rule = {
  expected: 'visible ASCII characters',
  accepts: (value) => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value),
};

const isRedirectUri = (value: string): boolean => URL.canParse(value) && !value.includes('#');

const shared: Readonly<Record<string, Rule>> = {
  client_id: clientId,
  client_secret: text,
  token_endpoint_auth_method: {
    expected: `one of ${authenticationMethods.join(', ')}`,
    accepts: (value) => authenticationMethods.some((method) => method === value),
  },
  scope: { expected: 'a string', accepts: (value) => typeof value === 'string' },
  introspection_signed_response_alg: algorithmRule,
};

const clientRules: Readonly<Record<keyof ClientRegistration, Rule>> = {
  ...(shared as Record<keyof ClientRegistration & keyof ResourceServerRegistration, Rule>),
  client_name: text,
  redirect_uris: {
    expected: 'an array, not empty, of absolute URLs without a fragment',
    accepts: (value) => isFilledList(value) && value.every(isRedirectUri),
  },
  grant_types: { expected: 'an array of strings', accepts: (value) => isFilledList(value) },
};

const resourceServerRules: Readonly<Record<keyof ResourceServerRegistration, Rule>> = {
  ...(shared as Record<keyof ClientRegistration & keyof ResourceServerRegistration, Rule>),
  audience: {
    expected: 'a string or an array of strings, not empty',
    accepts: (value) => isFilled(value) || isFilledList(value),
  },
};

/** @throws TypeError naming the client and its member that is missing, unknown or ill-typed. */
export function judgeClients(clients: readonly ClientRegistration[]): void {
  for (const [at, client] of clients.entries()) judgeOne(`createMockIssuer: clients[${at}]`, client, clientRules);
}

/** @throws TypeError naming the resource server and its member that is missing, unknown or ill-typed. */
export function judgeResourceServers(servers: readonly ResourceServerRegistration[]): void {
  for (const [at, server] of servers.entries()) {
    const owner = `createMockIssuer: resourceServers[${at}]`;
    judgeOne(owner, server, resourceServerRules);
    if (server.token_endpoint_auth_method === 'none') {
      throw new TypeError(
        `${owner}: 'token_endpoint_auth_method' cannot be none, since only those introspect who authenticate`,
      );
    }
  }
}

function judgeOne(
  owner: string,
  given: ClientRegistration | ResourceServerRegistration,
  rules: Readonly<Record<string, Rule>>,
): void {
  judge(owner, given, rules);
  if (given.client_id === undefined) throw new TypeError(`${owner}: 'client_id' is missing`);
  const method = given.token_endpoint_auth_method ?? 'client_secret_basic';
  const needsSecret = method === 'client_secret_basic' || method === 'client_secret_post';
  if (needsSecret && given.client_secret === undefined) {
    throw new TypeError(
      `${owner}: 'client_secret' is missing for ${method}; without one, name another 'token_endpoint_auth_method'`,
    );
  }
}
