import type { Harness } from '../suite/harness.js';
import { coreHarness } from '../suite/harnesses/core.js';
import { express5Harness } from '../suite/harnesses/express.js';
import { fastifyHarness } from '../suite/harnesses/fastify.js';
import { koa3Harness } from '../suite/harnesses/koa.js';

/** Core and each adapter, in its newest framework: what lies between versions is the suite's matter. */
export const harnesses: readonly Harness[] = [coreHarness, express5Harness, koa3Harness, fastifyHarness];

/** Where a client can go away. */
export const socketHarnesses: readonly Harness[] = harnesses.filter(({ usesSockets }) => usesSockets);
