import type { FaultBoard } from '../faults/faults.js';
import { type Answer, jsonAnswer } from '../http/answer.js';
import type { Site } from '../site.js';

/**
 * Authorization server metadata (RFC 8414 section 2): what this issuer has and nothing else. `response_types_supported`, which that
 * section requires, would be an empty list for want of an authorization endpoint, and section 3.2 has empty lists left out.
 */
export function metadata(site: Site): Answer {
  const methods = site.authenticationMethods;
  return jsonAnswer(200, {
    issuer: site.issuer,
    jwks_uri: site.jwksUri,
    introspection_endpoint: site.introspectionEndpoint,
    // Those who cannot be told from others are told of no token.
    introspection_endpoint_auth_methods_supported: methods.filter((method) => method !== 'none'),
    introspection_signing_alg_values_supported: site.algorithms,
    introspection_endpoint_auth_signing_alg_values_supported: site.algorithms,
    revocation_endpoint: site.revocationEndpoint,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: site.algorithms,
  });
}

/** The discovery documents, all of their places alike. */
export function discoveryEndpoint(site: Site, faults: FaultBoard): () => Answer {
  return () => {
    const named = faults.at('discovery')?.kind === 'wrongIssuer' ? 'https://other.example' : site.issuer;
    return metadata({ ...site, issuer: named });
  };
}
