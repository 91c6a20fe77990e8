/**
 * Declares the type of `req.auth` for every Express request of the program. Import it once, for its
 * side effect. It is a separate entry, because other packages declare the same property.
 *
 * @example
 * import '@resource-server/express/augment';
 *
 * @module
 */
import type { Auth } from '@resource-server/core';

declare global {
  namespace Express {
    interface Request {
      /**
       * The validated token; `null` for an anonymous request. Other middleware can write this
       * property; prefer `getAuth(req)`.
       */
      auth?: Auth | null;
    }
  }
}
