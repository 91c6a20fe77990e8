import type { MockIssuer } from '../mock-issuer.js';
import type { MockIssuerOptions } from '../options.js';
import { cliClient } from './command.js';
import { credentialsOf } from './serve-options.js';

/** What a person reads when an issuer has started: where everything is, who is there, and an access token. */
export function summaryOf(issuer: MockIssuer, options: MockIssuerOptions, token: string): string {
  const { clients = [], users = [{ sub: 'user-1' }], registration, stateFile, tls } = options;
  const own = credentialsOf(cliClient).id;
  const ids = clients.map((one) => one.client_id);
  const named = ids.filter((id) => id !== own);
  const lines = [
    ['issuer', issuer.issuer],
    ['metadata', `${issuer.issuer}/.well-known/openid-configuration`],
    ['jwks', issuer.jwksUri],
    ['authorize', issuer.authorizationEndpoint],
    ['par', issuer.pushedAuthorizationRequestEndpoint],
    ['device', issuer.deviceAuthorizationEndpoint],
    ['token', issuer.tokenEndpoint],
    ['introspect', issuer.introspectionEndpoint],
    ['revoke', issuer.revocationEndpoint],
    ...(registration === undefined ? [] : [['register', issuer.registrationEndpoint]]),
    ['clients', named.length === 0 ? 'none but its own' : named.join(', ')],
    ['users', users.map(({ sub }) => sub).join(', ')],
    ...(stateFile === undefined ? [] : [['state', stateFile]]),
  ];
  const table = lines.map(([name = '', value = '']) => `${name.padEnd(12)}${value}`).join('\n');
  const more = ids.includes(own) ? ` (more with: ${commandFor(issuer.issuer)})` : '';
  // Nobody else has it.
  const trust = tls === 'self-signed' ? `\nIts certificate is signed by\n${issuer.certificateAuthority}` : '';
  return `${table}\n${trust}\nAn access token, good for five minutes${more}\n${token}\n`;
}

/** What gets another token of this issuer. */
function commandFor(issuer: string): string {
  const { port } = new URL(issuer);
  const isPlain = issuer === `http://127.0.0.1:${port}`;
  return `mock-issuer token ${isPlain ? `--port ${port}` : `--issuer ${issuer}`}`;
}
