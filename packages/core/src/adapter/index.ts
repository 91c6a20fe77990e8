/**
 * Building blocks for framework adapters. Applications use an adapter instead.
 *
 * @module
 */
export { chain, type MaybePromise, toPromise } from '../model/maybe-promise.js';
export { memberOf } from '../objects/members.js';
export { applyVerdict, type Outcome, type ResponseMethods } from './apply-verdict.js';
export type { AuthMiddlewareOptions, OnDenied } from './auth-middleware-options.js';
export { Authenticator, type RequestCheck, type RequestReader, type Verdict } from './authenticator.js';
export { exposeAuth } from './expose-auth.js';
export type { GetAuth, GetAuthOptions } from './get-auth.js';
