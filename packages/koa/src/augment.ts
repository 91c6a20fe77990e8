/**
 * Declares the type of `ctx.state.auth` for every Koa application of the program. Import it once,
 * for its side effect. It is a separate entry, because other packages declare the same property.
 *
 * @example
 * import '@resource-server/koa/augment';
 *
 * @module
 */
import type { Auth } from '@resource-server/core';
import type {} from 'koa';

declare module 'koa' {
  interface DefaultState {
    /**
     * The validated token; `null` for an anonymous request. Other middleware can write this
     * property; prefer `getAuth(ctx)`.
     */
    auth?: Auth | null;
  }
}
