/**
 * Types `req.auth` on every Express request of the program. Import it once, for its effect:
 * `import '@resource-server/express/augment'`. An entry of its own, since other packages claim the name.
 *
 * @module
 */
import type { Auth } from '@resource-server/core';

declare global {
  namespace Express {
    interface Request {
      /** Who was admitted; `null` where credentials are optional and none were sent. Prefer `getAuth(req)`. */
      auth?: Auth | null;
    }
  }
}
