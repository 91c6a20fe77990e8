import type { App } from './app.js';
import { expressAwsJwtVerify } from './express-aws-jwt-verify.js';
import { expressBare } from './express-bare.js';
import { expressEmpty } from './express-empty.js';
import { expressJose } from './express-jose.js';
import { expressJwt } from './express-jwt.js';
import { expressOauth2JwtBearer } from './express-oauth2-jwt-bearer.js';
import { expressOurs } from './express-ours.js';
import { fastifyBare } from './fastify-bare.js';
import { fastifyEmpty } from './fastify-empty.js';
import { fastifyJwtGetJwks } from './fastify-jwt.js';
import { fastifyOurs } from './fastify-ours.js';
import { koaBare } from './koa-bare.js';
import { koaEmpty } from './koa-empty.js';
import { koaJwt } from './koa-jwt.js';
import { koaOurs } from './koa-ours.js';

/** Everything that is measured over HTTP, in the order of the tables. */
export const apps: readonly App[] = [
  ...[expressBare, expressEmpty, expressOurs, expressOauth2JwtBearer, expressJwt, expressJose, expressAwsJwtVerify],
  ...[koaBare, koaEmpty, koaOurs, koaJwt],
  ...[fastifyBare, fastifyEmpty, fastifyOurs, fastifyJwtGetJwks],
];
