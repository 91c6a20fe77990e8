import { promptValues } from './authorization/prompt.js';
import { type AuthorizationParts, authorizationEndpoint } from './endpoints/authorization.js';
import { discoveryEndpoint, metadataOf } from './endpoints/discovery.js';
import { type InteractionParts, interactionEndpoint } from './endpoints/interaction.js';
import { type IntrospectionParts, introspectionEndpoint } from './endpoints/introspection.js';
import { jwksEndpoint, keySet } from './endpoints/jwks.js';
import { type PushedAuthorizationParts, pushedAuthorizationEndpoint } from './endpoints/pushed-authorization.js';
import { type RevocationParts, revocationEndpoint } from './endpoints/revocation.js';
import { type StatusListParts, statusListEndpoint } from './endpoints/status-list.js';
import { type TokenParts, tokenEndpoint } from './endpoints/token.js';
import { jsonAnswer } from './http/answer.js';
import { invalidRequest } from './http/oauth-error.js';
import type { Endpoint } from './http/request-log.js';
import type { Route, Routes } from './http/routes.js';
import type { JsonObject } from './judge.js';
import { errorPage } from './pages/error-page.js';
import type { JwkSet } from './signing-key.js';
import type { Site } from './site.js';

/** What the endpoints stand on. */
export interface Parts
  extends AuthorizationParts,
    InteractionParts,
    IntrospectionParts,
    PushedAuthorizationParts,
    RevocationParts,
    StatusListParts,
    TokenParts {
  readonly jwks: () => Promise<JwkSet>;
  readonly jwksCacheControl: string | undefined;
  /** What tokens can be for. */
  readonly resources: ReadonlySet<string>;
  readonly decoyToken: () => Promise<string>;
  /** Keys of an attacker under our kids: what a client gets that follows a token's `jku`. */
  readonly attackerJwks: () => Promise<JwkSet>;
}

type Place = [path: string, route: Route];

/** Everything that is served, and where; the discovery documents say of it what its routes say. */
export function routesOf(site: Site, parts: Parts): Routes {
  const places = [...documents(site, parts), ...pages(site, parts), ...forms(site, parts)];
  const said = [...places.map(([, { metadata }]) => metadata ?? {}), ...parts.bindings.map(({ metadata }) => metadata)];
  const metadata = metadataOf(site.issuer, said);
  return new Map([...places, ...discovery(site, parts, metadata), ...decoys(site, parts, metadata)]);
}

function documents(site: Site, parts: Parts): Place[] {
  const jwks = jwksEndpoint(parts.jwks, parts.jwksCacheControl, parts.faults);
  return [
    [
      `${site.path}/jwks`,
      { names: ['jwks'], method: 'GET', faultsOf: 'jwks', answer: jwks, metadata: { jwks_uri: site.jwksUri } },
    ],
    [
      `${site.path}/statuslists/1`,
      { names: ['statusList'], method: 'GET', faultsOf: 'statusList', answer: statusListEndpoint(site, parts) },
    ],
  ];
}

/** What a user's browser comes to; never open to the pages of other origins (RFC 10017 has it so). */
function pages({ path, authorizationEndpoint: uri }: Site, parts: Parts): Place[] {
  return [
    [
      `${path}/authorize`,
      {
        names: ['authorization'],
        method: 'GET, POST',
        faultsOf: 'authorization',
        answer: authorizationEndpoint(parts),
        refuse: errorPage,
        metadata: {
          authorization_endpoint: uri,
          response_types_supported: ['code'],
          response_modes_supported: ['query'],
          code_challenge_methods_supported: ['S256'],
          authorization_response_iss_parameter_supported: true,
          acr_values_supported: parts.acrValues,
          authorization_details_types_supported: parts.requestSettings.authorizationDetailsTypes,
          prompt_values_supported: promptValues,
        },
      },
    ],
    [
      `${path}/authorize/interaction`,
      { names: ['interaction'], method: 'POST', answer: interactionEndpoint(parts), refuse: errorPage },
    ],
  ];
}

function forms(site: Site, parts: Parts): Place[] {
  const { path, authenticationMethods: methods, algorithms } = site;
  return [
    [
      `${path}/par`,
      {
        names: ['par'],
        method: 'POST',
        openToPages: true,
        faultsOf: 'par',
        answer: pushedAuthorizationEndpoint(parts),
        metadata: {
          pushed_authorization_request_endpoint: site.pushedAuthorizationRequestEndpoint,
          require_pushed_authorization_requests: parts.requirePushedAuthorizationRequests,
        },
      },
    ],
    [
      `${path}/token`,
      {
        names: ['token'],
        method: 'POST',
        openToPages: true,
        faultsOf: 'token',
        answer: tokenEndpoint(parts),
        metadata: {
          token_endpoint: site.tokenEndpoint,
          token_endpoint_auth_methods_supported: methods,
          token_endpoint_auth_signing_alg_values_supported: algorithms,
          grant_types_supported: parts.grants.map(({ name }) => name),
          protected_resources: [...parts.resources].filter((one) => URL.canParse(one)),
        },
      },
    ],
    [
      `${path}/introspect`,
      {
        names: ['introspection'],
        method: 'POST',
        faultsOf: 'introspection',
        answer: introspectionEndpoint(parts),
        metadata: {
          introspection_endpoint: site.introspectionEndpoint,
          // Those who cannot be told from others are told of no token.
          introspection_endpoint_auth_methods_supported: methods.filter((method) => method !== 'none'),
          introspection_signing_alg_values_supported: algorithms,
          introspection_endpoint_auth_signing_alg_values_supported: algorithms,
        },
      },
    ],
    [
      `${path}/revoke`,
      {
        names: ['revocation'],
        method: 'POST',
        openToPages: true,
        answer: revocationEndpoint(parts),
        metadata: {
          revocation_endpoint: site.revocationEndpoint,
          revocation_endpoint_auth_methods_supported: methods,
          revocation_endpoint_auth_signing_alg_values_supported: algorithms,
        },
      },
    ],
  ];
}

function discovery({ path }: Site, { faults }: Parts, metadata: JsonObject): Place[] {
  const answer = discoveryEndpoint(metadata, faults);
  const route = (name: Endpoint): Route => ({
    names: ['discovery', name],
    method: 'GET',
    faultsOf: 'discovery',
    answer,
  });
  return [
    // RFC 8414 section 3.1 puts the path behind the well-known part, OpenID Discovery section 4 before it; section 5 of the RFC knows both.
    [`/.well-known/oauth-authorization-server${path}`, route('oauth-authorization-server')],
    [`/.well-known/openid-configuration${path}`, route('openid-configuration')],
    [`${path}/.well-known/openid-configuration`, route('openid-configuration')],
  ];
}

/** Decoys answer what a client that should not have come hopes for, so that its mistake is seen in what it accepts, too. */
function decoys(site: Site, parts: Parts, metadata: JsonObject): Place[] {
  const decoy = (name: string, answer: Route['answer']): Place => [
    `${site.path}/decoy/${name}`,
    { names: ['decoy'], method: 'GET', answer },
  ];
  const token = () => ({ token_type: 'Bearer', ...parts.mint.claims() });
  return [
    decoy('jwks', async () => keySet(await parts.jwks(), parts.jwksCacheControl)),
    decoy('discovery', () => jsonAnswer(200, metadata)),
    decoy('attacker-jwks', async () => keySet(await parts.attackerJwks())),
    decoy('statusList', statusListEndpoint(site, parts)),
    decoy('introspection', () => jsonAnswer(200, { active: true, ...token() })),
    decoy('authorization', () => errorPage(invalidRequest('this is a decoy'))),
    decoy('par', () => jsonAnswer(201, { request_uri: 'urn:ietf:params:oauth:request_uri:decoy', expires_in: 60 })),
    decoy('token', async () => jsonAnswer(200, { access_token: await parts.decoyToken(), token_type: 'Bearer' })),
  ];
}
