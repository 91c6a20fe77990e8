/** Where an issuer is, and what clients and servers are told to use. */
export interface Addresses {
  /** The issuer identifier: the `iss` of its tokens, `http://127.0.0.1:PORT` and the path. */
  readonly issuer: string;
  /** Where its keys are: `/jwks` below the issuer identifier. */
  readonly jwksUri: string;
  /** Where clients send users: `/authorize` below the issuer identifier. */
  readonly authorizationEndpoint: string;
  /** Where clients push authorization requests: `/par` below the issuer identifier. */
  readonly pushedAuthorizationRequestEndpoint: string;
  /** Where devices ask for codes: `/device_authorization` below the issuer identifier. */
  readonly deviceAuthorizationEndpoint: string;
  /** Where clients get tokens: `/token` below the issuer identifier. */
  readonly tokenEndpoint: string;
  /** Where tokens are introspected: `/introspect` below the issuer identifier. */
  readonly introspectionEndpoint: string;
  /** Where clients revoke tokens: `/revoke` below the issuer identifier. */
  readonly revocationEndpoint: string;
  /** Where clients register themselves: `/register` below the issuer identifier. Nothing is there without the option `registration`. */
  readonly registrationEndpoint: string;
}

/** These addresses and nothing else. */
export function addressesOf(site: Addresses): Addresses {
  return {
    issuer: site.issuer,
    jwksUri: site.jwksUri,
    authorizationEndpoint: site.authorizationEndpoint,
    pushedAuthorizationRequestEndpoint: site.pushedAuthorizationRequestEndpoint,
    deviceAuthorizationEndpoint: site.deviceAuthorizationEndpoint,
    tokenEndpoint: site.tokenEndpoint,
    introspectionEndpoint: site.introspectionEndpoint,
    revocationEndpoint: site.revocationEndpoint,
    registrationEndpoint: site.registrationEndpoint,
  };
}
