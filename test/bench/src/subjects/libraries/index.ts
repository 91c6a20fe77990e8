import { awsJwtVerify } from './aws-jwt-verify.js';
import { cryptoCallback, cryptoSync } from './crypto-verify.js';
import { expressMiddleware } from './express-middleware.js';
import { fastJwt, fastJwtCached } from './fast-jwt.js';
import { harness } from './harness.js';
import { jose } from './jose.js';
import { jsonwebtoken } from './jsonwebtoken.js';
import type { Library } from './library.js';
import { resourceServer } from './resource-server.js';

/** All subjects that are measured in process, in the order of the tables. */
export const libraries: readonly Library[] = [
  harness,
  cryptoSync,
  cryptoCallback,
  resourceServer,
  expressMiddleware,
  jose,
  fastJwt,
  fastJwtCached,
  awsJwtVerify,
  jsonwebtoken,
];
