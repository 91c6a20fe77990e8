import type { AuthorizationRequest } from '../authorization/authorization-request.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';

/** What becomes of a request that may be put before a user. */
type Interaction =
  /** Nobody need be asked. */
  | { readonly code: string }
  /** Somebody is asked by this page. */
  | { readonly page: Answer };

/** How users are met. @throws OAuthError that goes back to the client. */
export type Interact = (request: AuthorizationRequest, exchange: Exchange) => Interaction;
