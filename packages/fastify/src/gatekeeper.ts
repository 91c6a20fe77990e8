import { Gatekeeper } from '@resource-server/core/adapter';
import type { FastifyArguments } from './fastify-like.js';

/** The one memory of this adapter: who was admitted with which request. */
export const gatekeeper: Gatekeeper<FastifyArguments> = new Gatekeeper();
