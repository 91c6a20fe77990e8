import type { Auth } from './auth.js';
import type { HttpRequest } from './request.js';

/** The condition of a `where` policy. Only the result `true` satisfies the policy. */
// biome-ignore lint/suspicious/noExplicitAny: a policy may be written for the claims of any schema
export type Condition = (auth: Auth<any>, request: HttpRequest) => boolean | Promise<boolean>;

/**
 * What a route requires of an authenticated request: plain, frozen data. Create it with `scope`,
 * `anyScope`, `claim`, `where`, `allOf` and `anyOf`.
 */
export type Policy =
  | { readonly kind: 'scope'; readonly scopes: readonly string[] }
  | { readonly kind: 'anyScope'; readonly scopes: readonly string[] }
  | { readonly kind: 'claim'; readonly name: string; readonly value: string | number | boolean }
  | { readonly kind: 'where'; readonly name: string; readonly condition: Condition }
  | { readonly kind: 'allOf'; readonly policies: readonly Policy[] }
  | { readonly kind: 'anyOf'; readonly policies: readonly Policy[] };
