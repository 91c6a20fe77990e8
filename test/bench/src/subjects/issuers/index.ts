import type { IssuerSubject } from './issuer.js';
import { mockIssuer } from './mock-issuer.js';
import { oauth2MockServer } from './oauth2-mock-server.js';
import { oidcProvider } from './oidc-provider.js';

/**
 * All authorization servers of the first-token report. Their packages are loaded by `load()` only.
 */
export const issuers: readonly IssuerSubject[] = [mockIssuer, oauth2MockServer, oidcProvider];
