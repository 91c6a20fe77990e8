import { algorithmRule } from '../algorithms.js';
import { isFilled, isFilledList, judge, type Rule } from '../judge.js';
import type { ClientAuthenticationMethod } from './authentication-method.js';
import type { ClientRegistration, ResourceServerRegistration } from './client-registration.js';
import { lackingFor } from './method-needs.js';
import { jwksRule, jwksUriRule } from './public-jwks.js';

type Methods = readonly ClientAuthenticationMethod[];
type Given = ClientRegistration & ResourceServerRegistration;
type SharedName = keyof ClientRegistration & keyof ResourceServerRegistration;

const text: Rule = { expected: 'a string, not empty', accepts: isFilled };
const boolean: Rule = { expected: 'a boolean', accepts: (value) => typeof value === 'boolean' };

// RFC 6749 appendix A.1 has client identifiers of visible ASCII and spaces; what must be told from nothing at all has none of the latter.
const clientId: Rule = {
  expected: 'visible ASCII characters',
  accepts: (value) => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value),
};

const shared: Readonly<Record<SharedName, Rule>> = {
  client_id: clientId,
  client_secret: text,
  // Which there are depends on the issuer, and is judged with what each of them needs.
  token_endpoint_auth_method: text,
  token_endpoint_auth_signing_alg: algorithmRule,
  jwks: jwksRule,
  jwks_uri: jwksUriRule,
  tls_client_auth_subject_dn: text,
  tls_client_auth_san_dns: text,
  tls_client_auth_san_uri: text,
  tls_client_auth_san_ip: text,
  tls_client_auth_san_email: text,
  scope: { expected: 'a string', accepts: (value) => typeof value === 'string' },
  introspection_signed_response_alg: algorithmRule,
};

/** RFC 9700 section 4.11 has nobody sent to what is no place; these schemes are programs. */
export const PROGRAM: RegExp = /^(?:javascript|data|vbscript):/i;

const isRedirectUri = (value: string): boolean =>
  /^[\x21-\x7e]+$/.test(value) && URL.canParse(value) && !value.includes('#') && !PROGRAM.test(value);

/** The rules for what a client is registered with. */
export const clientRules: Readonly<Record<keyof ClientRegistration, Rule>> = {
  ...shared,
  client_name: text,
  redirect_uris: {
    expected: 'an array, not empty, of absolute URLs of visible ASCII without a fragment',
    accepts: (value) => isFilledList(value) && value.every(isRedirectUri),
  },
  require_pushed_authorization_requests: boolean,
  dpop_bound_access_tokens: boolean,
  tls_client_certificate_bound_access_tokens: boolean,
  grant_types: { expected: 'an array of strings', accepts: isFilledList },
};

const resourceServerRules: Readonly<Record<keyof ResourceServerRegistration, Rule>> = {
  ...shared,
  audience: {
    expected: 'a string or an array of strings, not empty',
    accepts: (value) => isFilled(value) || isFilledList(value),
  },
};

/** @throws TypeError naming the client and its member that is missing, unknown or ill-typed. */
export function judgeClients(clients: readonly ClientRegistration[], methods: Methods): void {
  for (const [at, one] of clients.entries()) judgeOne(`createMockIssuer: clients[${at}]`, one, clientRules, methods);
}

/** Only those introspect who authenticate. @throws TypeError naming the resource server and its member that is missing, unknown or ill-typed. */
export function judgeResourceServers(servers: readonly ResourceServerRegistration[], methods: Methods): void {
  const authenticating = methods.filter((method) => method !== 'none');
  for (const [at, one] of servers.entries()) {
    judgeOne(`createMockIssuer: resourceServers[${at}]`, one, resourceServerRules, authenticating);
  }
}

function judgeOne(owner: string, given: Given, rules: Readonly<Record<string, Rule>>, methods: Methods): void {
  judge(owner, given, rules);
  if (given.client_id === undefined) throw new TypeError(`${owner}: 'client_id' is missing`);
  const method = given.token_endpoint_auth_method ?? 'client_secret_basic';
  if (!methods.includes(method)) {
    throw new TypeError(`${owner}: 'token_endpoint_auth_method' must be one of ${methods.join(', ')} at this issuer`);
  }
  // Where there is no TLS there are no certificates.
  if (given.tls_client_certificate_bound_access_tokens && !methods.includes('self_signed_tls_client_auth')) {
    throw new TypeError(`${owner}: 'tls_client_certificate_bound_access_tokens' needs the option 'tls'`);
  }
  const lacking = lackingFor(method, given);
  if (lacking !== undefined) throw new TypeError(`${owner}: ${lacking}`);
}
