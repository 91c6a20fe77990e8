import { Gatekeeper } from '@resource-server/core/adapter';
import { fromIncomingMessage } from '@resource-server/core/node';
import type { FastifyArguments, FastifyRequestLike } from './fastify-like.js';

/** The one memory of this adapter: who was admitted with which request. */
export const gatekeeper: Gatekeeper<FastifyArguments, FastifyRequestLike> = new Gatekeeper({
  identityOf: ({ raw }) => raw,
  read: ({ raw, originalUrl, body }) => fromIncomingMessage(raw, { url: originalUrl, body }),
});
