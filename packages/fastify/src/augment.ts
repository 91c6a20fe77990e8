/**
 * Declares the types of `request.auth` and of `config: { auth: { public: true } }` for every
 * Fastify application of the program. Import it once, for its side effect. It is a separate entry,
 * because other packages declare the same property.
 *
 * @example
 * import '@resource-server/fastify/augment';
 *
 * @module
 */
import type { Auth } from '@resource-server/core';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The validated token; `null` for an anonymous request. Other hooks can write this property;
     * prefer `getAuth(request)`.
     */
    auth?: Auth | null;
  }
  interface FastifyContextConfig {
    /**
     * `{ public: true }` exempts a route from `auth`: requests without a token reach it.
     *
     * @default a token is required
     */
    auth?: { readonly public?: boolean };
  }
}
