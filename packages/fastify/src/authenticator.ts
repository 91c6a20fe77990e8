import { Authenticator } from '@resource-server/core/adapter';
import { fromIncomingMessage } from '@resource-server/core/node';
import type { FastifyArguments, FastifyRequestLike } from './fastify-like.js';

/** Stores the result of `auth` for each request of this adapter. */
export const authenticator: Authenticator<FastifyArguments, FastifyRequestLike> = new Authenticator({
  identityOf: ({ raw }) => raw,
  read: ({ raw, originalUrl, body }) => fromIncomingMessage(raw, { url: originalUrl, body }),
});
