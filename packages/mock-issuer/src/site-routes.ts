import { discoveryEndpoint, metadata } from './endpoints/discovery.js';
import { type IntrospectionParts, introspectionEndpoint } from './endpoints/introspection.js';
import { jwksEndpoint, keySet } from './endpoints/jwks.js';
import { type RevocationParts, revocationEndpoint } from './endpoints/revocation.js';
import { type StatusListParts, statusListEndpoint } from './endpoints/status-list.js';
import { jsonAnswer } from './http/answer.js';
import type { Endpoint } from './http/request-log.js';
import type { Route, Routes } from './http/routes.js';
import type { JwkSet } from './signing-key.js';
import type { Site } from './site.js';

/** What the endpoints stand on. */
export interface Parts extends IntrospectionParts, RevocationParts, StatusListParts {
  readonly jwks: () => Promise<JwkSet>;
  readonly jwksCacheControl: string | undefined;
  /** Keys of an attacker under our kids: what a client gets that follows a token's `jku`. */
  readonly attackerJwks: () => Promise<JwkSet>;
}

/** Everything that is served, and where. */
export function routesOf(site: Site, parts: Parts): Routes {
  const { path } = site;
  const discovery = (name: Endpoint): Route => ({
    names: ['discovery', name],
    method: 'GET',
    faultsOf: 'discovery',
    answer: discoveryEndpoint(site, parts.faults),
  });
  const jwks = jwksEndpoint(parts.jwks, parts.jwksCacheControl, parts.faults);
  const introspection = introspectionEndpoint(parts);
  const statusList = statusListEndpoint(site, parts);
  return new Map<string, Route>([
    // RFC 8414 section 3.1 puts the path behind the well-known part, OpenID Discovery section 4 before it; section 5 of the RFC knows both.
    [`/.well-known/oauth-authorization-server${path}`, discovery('oauth-authorization-server')],
    [`/.well-known/openid-configuration${path}`, discovery('openid-configuration')],
    [`${path}/.well-known/openid-configuration`, discovery('openid-configuration')],
    [`${path}/jwks`, { names: ['jwks'], method: 'GET', faultsOf: 'jwks', answer: jwks }],
    [
      `${path}/introspect`,
      { names: ['introspection'], method: 'POST', faultsOf: 'introspection', answer: introspection },
    ],
    [`${path}/revoke`, { names: ['revocation'], method: 'POST', openToPages: true, answer: revocationEndpoint(parts) }],
    [`${path}/statuslists/1`, { names: ['statusList'], method: 'GET', faultsOf: 'statusList', answer: statusList }],
    ...decoys(site, parts, statusList),
  ]);
}

/** Decoys answer what a client that should not have come hopes for, so that its mistake is seen in what it accepts, too. */
function decoys(site: Site, parts: Parts, statusList: Route['answer']): [path: string, Route][] {
  const decoy = (name: string, answer: Route['answer']): [string, Route] => [
    `${site.path}/decoy/${name}`,
    { names: ['decoy'], method: 'GET', answer },
  ];
  return [
    decoy('jwks', async () => keySet(await parts.jwks(), parts.jwksCacheControl)),
    decoy('discovery', () => metadata(site)),
    decoy('attacker-jwks', async () => keySet(await parts.attackerJwks())),
    decoy('statusList', statusList),
    decoy('introspection', () => jsonAnswer(200, { active: true, token_type: 'Bearer', ...parts.mint.claims() })),
  ];
}
