/**
 * Types `ctx.state.auth` in every Koa application of the program. Import it once, for its effect:
 * `import '@resource-server/koa/augment'`. An entry of its own, since other packages claim the name.
 *
 * @module
 */
import type { Auth } from '@resource-server/core';
import type {} from 'koa';

declare module 'koa' {
  interface DefaultState {
    /** Who was admitted; `null` where credentials are optional and none were sent. Prefer `getAuth(ctx)`. */
    auth?: Auth | null;
  }
}
