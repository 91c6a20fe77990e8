import type { SignatureAlgorithm } from '../algorithms.js';
import type { ClientAuthenticationMethod } from './authentication-method.js';
import { type CertificateSubject, subjectMembers } from './certificate-subject.js';
import type { ClientRegistration, ResourceServerRegistration } from './client-registration.js';
import type { ClientJwks } from './public-jwks.js';

/** Somebody with credentials, as the endpoints know it. */
export interface RegisteredClient {
  readonly id: string;
  /** Its id is the address of its metadata (draft-ietf-oauth-client-id-metadata-document), and its redirect URIs count to the letter. */
  readonly isDocumented: boolean;
  readonly role: 'client' | 'resource-server';
  readonly method: ClientAuthenticationMethod;
  readonly secret: string | undefined;
  readonly jwks: ClientJwks | undefined;
  /** Where its keys are, if not in `jwks`. */
  readonly jwksUri: string | undefined;
  /** The algorithm of its assertions; `undefined` for any. */
  readonly assertionAlg: SignatureAlgorithm | undefined;
  readonly certificateSubject: CertificateSubject;
  readonly signedResponseAlg: SignatureAlgorithm;
  /** Its name, for people. */
  readonly name: string | undefined;
  readonly redirectUris: readonly string[];
  readonly requiresPushedRequests: boolean;
  /** Its tokens are bound to the key of a DPoP proof, or there are none. */
  readonly isDpopBound: boolean;
  /** Its tokens are bound to its certificate, or there are none. */
  readonly isCertificateBound: boolean;
  /** The grants it may use; none for a resource server. */
  readonly grantTypes: readonly string[];
  /** The scopes it knows; `undefined` for all. */
  readonly scopes: readonly string[] | undefined;
  /** The audiences a resource server answers to; `undefined` for all. */
  readonly audiences: readonly string[] | undefined;
}

/** A registration that was judged, with defaults filled in. */
export function registeredClient(
  role: RegisteredClient['role'],
  given: ClientRegistration & ResourceServerRegistration,
): RegisteredClient {
  return Object.freeze({
    id: given.client_id,
    isDocumented: false,
    role,
    method: given.token_endpoint_auth_method ?? 'client_secret_basic',
    secret: given.client_secret,
    jwks: structuredClone(given.jwks),
    jwksUri: given.jwks_uri,
    assertionAlg: given.token_endpoint_auth_signing_alg,
    certificateSubject: Object.fromEntries(
      subjectMembers.flatMap((member) => (given[member] === undefined ? [] : [[member, given[member]]])),
    ),
    signedResponseAlg: given.introspection_signed_response_alg ?? 'RS256',
    name: given.client_name,
    redirectUris: [...(given.redirect_uris ?? [])],
    requiresPushedRequests: given.require_pushed_authorization_requests ?? false,
    isDpopBound: given.dpop_bound_access_tokens ?? false,
    isCertificateBound: given.tls_client_certificate_bound_access_tokens ?? false,
    // RFC 7591 section 2 names the default.
    grantTypes: role === 'client' ? [...(given.grant_types ?? ['authorization_code'])] : [],
    scopes: given.scope?.split(' ').filter(Boolean),
    audiences: given.audience === undefined ? undefined : [given.audience].flat(),
  });
}
