import type { Harness } from '../harness.js';
import { coreHarness } from './core.js';
import { express4Harness, express5Harness } from './express.js';
import { fastifyHarness, fastifyHttp2Harness } from './fastify.js';
import { koa2Harness, koa3Harness } from './koa.js';

/** Every adapter and framework version that runs the suite. */
export const harnesses: readonly Harness[] = [
  coreHarness,
  express4Harness,
  express5Harness,
  koa2Harness,
  koa3Harness,
  fastifyHarness,
  fastifyHttp2Harness,
];
