import { algorithmRule, type SignatureAlgorithm } from '../algorithms.js';
import { flag, list, oneOf, optional, type Read, ruled, shape, text } from '../state/read.js';
import { type ClientAuthenticationMethod, methodsWith } from './authentication-method.js';
import { type CertificateSubject, subjectMembers } from './certificate-subject.js';
import type { ClientRegistration, ResourceServerRegistration } from './client-registration.js';
import { type ClientJwks, jwksRule, jwksUriRule } from './public-jwks.js';

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

const alg: Read<SignatureAlgorithm> = ruled(algorithmRule);
const subject = optional(text);

/** What a file says of somebody with credentials. */
export const readRegisteredClient: Read<RegisteredClient> = shape<RegisteredClient>({
  id: text,
  isDocumented: flag,
  role: oneOf('client', 'resource-server'),
  method: oneOf(...methodsWith({ tls: true })),
  secret: optional(text),
  jwks: optional(ruled<ClientJwks>(jwksRule)),
  jwksUri: optional(ruled<string>(jwksUriRule)),
  assertionAlg: optional(alg),
  certificateSubject: shape<CertificateSubject>({
    tls_client_auth_subject_dn: subject,
    tls_client_auth_san_dns: subject,
    tls_client_auth_san_uri: subject,
    tls_client_auth_san_ip: subject,
    tls_client_auth_san_email: subject,
  }),
  signedResponseAlg: alg,
  name: optional(text),
  redirectUris: list(text),
  requiresPushedRequests: flag,
  isDpopBound: flag,
  isCertificateBound: flag,
  grantTypes: list(text),
  scopes: optional(list(text)),
  audiences: optional(list(text)),
});
