import type { Harness } from '../suite/harness.js';
import { coreHarness } from '../suite/harnesses/core.js';
import { express5Harness } from '../suite/harnesses/express.js';
import { fastifyHarness } from '../suite/harnesses/fastify.js';
import { koa3Harness } from '../suite/harnesses/koa.js';

/** Core and each adapter in its newest framework. Other versions are covered by test/suite. */
export const harnesses: readonly Harness[] = [coreHarness, express5Harness, koa3Harness, fastifyHarness];

/** The harnesses with sockets, through which a client can disconnect. */
export const socketHarnesses: readonly Harness[] = harnesses.filter(({ usesSockets }) => usesSockets);
