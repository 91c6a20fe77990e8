import type { Addresses } from './addresses.js';
import type { SignatureAlgorithm } from './algorithms.js';
import type { ClientAuthenticationMethod } from './clients/authentication-method.js';

/** Where everything is. */
export interface Site extends Addresses {
  /** Its path, empty or with a leading slash. */
  readonly path: string;
  /** Where the pages of the authorization endpoint send what the user said. */
  readonly interactionUri: string;
  /** Where users of devices enter their codes. */
  readonly verificationUri: string;
  /** Where the page about a device sends what the user said. */
  readonly deviceInteractionUri: string;
  readonly statusListUri: string;
  /** Base of the decoys, without a slash at its end. */
  readonly decoyUri: string;
  /** How clients can authenticate here. */
  readonly authenticationMethods: readonly ClientAuthenticationMethod[];
  /** What answers can be signed with. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /** Other machines reach it, and its metadata says that it is a mock issuer. */
  readonly isMarked: boolean;
}

/** The addresses of an issuer. */
export function siteOf(
  origin: string,
  path: string,
  traits: Pick<Site, 'authenticationMethods' | 'algorithms' | 'isMarked'>,
): Site {
  const issuer = origin + path;
  return {
    issuer,
    path,
    jwksUri: `${issuer}/jwks`,
    authorizationEndpoint: `${issuer}/authorize`,
    interactionUri: `${issuer}/authorize/interaction`,
    pushedAuthorizationRequestEndpoint: `${issuer}/par`,
    deviceAuthorizationEndpoint: `${issuer}/device_authorization`,
    verificationUri: `${issuer}/device`,
    deviceInteractionUri: `${issuer}/device/interaction`,
    tokenEndpoint: `${issuer}/token`,
    introspectionEndpoint: `${issuer}/introspect`,
    revocationEndpoint: `${issuer}/revoke`,
    registrationEndpoint: `${issuer}/register`,
    statusListUri: `${issuer}/statuslists/1`,
    decoyUri: `${issuer}/decoy`,
    ...traits,
  };
}
