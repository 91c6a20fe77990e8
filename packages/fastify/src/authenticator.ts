import { Authenticator } from '@resource-server/core/adapter';
import { fromIncomingMessage } from '@resource-server/core/node';
import type { FastifyArguments, FastifyRequestLike } from './fastify-like.js';

/** The one memory of this adapter: who was admitted with which request. */
export const authenticator: Authenticator<FastifyArguments, FastifyRequestLike> = new Authenticator({
  identityOf: ({ raw }) => raw,
  read: ({ raw, originalUrl, body }) => fromIncomingMessage(raw, { url: originalUrl, body }),
});
