import type { Auth } from './auth.js';
import type { HttpRequest } from './request.js';

/** What `where` asks; anything but `true` is a no. */
// biome-ignore lint/suspicious/noExplicitAny: a policy may be written for the claims of any schema
export type Condition = (auth: Auth<any>, request: HttpRequest) => boolean | Promise<boolean>;

/** What a route asks of an admitted request: plain, frozen data. */
export type Policy =
  | { readonly kind: 'scope'; readonly scopes: readonly string[] }
  | { readonly kind: 'anyScope'; readonly scopes: readonly string[] }
  | { readonly kind: 'claim'; readonly name: string; readonly value: string | number | boolean }
  | { readonly kind: 'where'; readonly name: string; readonly condition: Condition }
  | { readonly kind: 'allOf'; readonly policies: readonly Policy[] }
  | { readonly kind: 'anyOf'; readonly policies: readonly Policy[] };
