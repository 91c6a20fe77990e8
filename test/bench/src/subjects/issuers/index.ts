import type { IssuerSubject } from './issuer.js';
import { mockIssuer } from './mock-issuer.js';
import { oauth2MockServer } from './oauth2-mock-server.js';
import { oidcProvider } from './oidc-provider.js';

/** Every authorization server whose first token is waited for. None of their packages is loaded before it is asked for. */
export const issuers: readonly IssuerSubject[] = [mockIssuer, oauth2MockServer, oidcProvider];
