/**
 * Types `request.auth` and `config: { auth: { public: true } }` in every Fastify application of the program.
 * Import it once, for its effect: `import '@resource-server/fastify/augment'`. An entry of its own, since other
 * packages claim the name.
 *
 * @module
 */
import type { Auth } from '@resource-server/core';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who was admitted; `null` where credentials are optional and none were sent. Prefer `getAuth(request)`. */
    auth?: Auth | null;
  }
  interface FastifyContextConfig {
    /** `{ public: true }` opens a route to requests without a token. */
    auth?: { readonly public?: boolean };
  }
}
