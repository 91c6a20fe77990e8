/**
 * Validation of OAuth 2 access tokens, independent of a web framework.
 *
 * @module
 */
export type { CheckOptions } from './check-options.js';
export {
  AccessError,
  type AccessErrorCode,
  accessErrorCodes,
  ConfigurationError,
  type RefusalDetail,
} from './errors.js';
export type { SignatureAlgorithm } from './jws/algorithms.js';
export type { AccessTokenClaims, Auth } from './model/auth.js';
export type { Clock } from './model/clock.js';
export type { Decision, Denied, Granted, Header } from './model/decision.js';
export type { Fetch, FetchInit, FetchResponse } from './model/fetch.js';
export type { Condition, Policy } from './model/policy.js';
export type {
  IntrospectionStatus,
  IssuerSnapshot,
  IssuerStatus,
  KeySnapshot,
  KeyStatus,
  NetworkErrorCode,
  ServerStatus,
} from './model/ports.js';
export type { HttpRequest } from './model/request.js';
export type { StandardResult, StandardSchema } from './model/standard-schema.js';
export { type DecisionMessage, decisionChannel } from './observe/decisions.js';
export type {
  ClientAuthenticationOptions,
  IntrospectionCacheOptions,
  IntrospectionOptions,
} from './options/introspection-options.js';
export type { IssuerOptions, IssuerResolverOptions, JSONWebKeySet } from './options/issuer-options.js';
export type { KeyOptions, ResourceServerOptions } from './options/resource-server-options.js';
export type { RevocationCheck } from './options/revocation-options.js';
export { allOf, anyOf, anyScope, claim, type ScopeNames, scope, where } from './policy/policies.js';
export { createResourceServer, type ResourceServer } from './resource-server.js';
