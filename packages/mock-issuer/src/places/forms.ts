import { type IntrospectionParts, introspectionEndpoint } from '../endpoints/introspection.js';
import { type PushedAuthorizationParts, pushedAuthorizationEndpoint } from '../endpoints/pushed-authorization.js';
import { type RevocationParts, revocationEndpoint } from '../endpoints/revocation.js';
import { type TokenParts, tokenEndpoint } from '../endpoints/token.js';
import type { Site } from '../site.js';
import type { Place } from './place.js';

/** What the forms stand on. */
export interface FormParts extends IntrospectionParts, PushedAuthorizationParts, RevocationParts, TokenParts {
  /** What tokens can be for. */
  readonly resources: ReadonlySet<string>;
  readonly requirePushedAuthorizationRequests: boolean;
}

/** What clients and resource servers send forms to. */
export function forms(site: Site, parts: FormParts): readonly Place[] {
  return [...forClients(site, parts), ...aboutTokens(site, parts)];
}

/** On the way to tokens. */
function forClients(site: Site, parts: FormParts): readonly Place[] {
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
  ];
}

/** What becomes of tokens. */
function aboutTokens(site: Site, parts: FormParts): readonly Place[] {
  const { path, authenticationMethods: methods, algorithms } = site;
  return [
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
        faultsOf: 'revocation',
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
