/**
 * What adapters of frameworks are made of; applications use an adapter instead.
 *
 * @module
 */
export { after, type Eventually, promised } from '../model/eventually.js';
export { memberOf } from '../objects/members.js';
export type { GateOptions, OnDenied } from './gate-options.js';
export { Gatekeeper, type Judge, type RequestView, type Verdict } from './gatekeeper.js';
export type { GetAuth, GetAuthOptions } from './get-auth.js';
export { offerAuth } from './offer-auth.js';
export { type Outcome, type Settlement, settle } from './settle.js';
