import { createPublicKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { World } from '../world.js';
import { acceptsWhatReturns, type Library } from './library.js';

/**
 * The cast narrows to the names that its types have; `algorithms` below lists the supported ones.
 */
const configure = ({ issuer, audience, alg }: World) => ({ issuer, audience, algorithms: [alg as jwt.Algorithm] });

export const jsonwebtoken: Library = {
  name: 'jsonwebtoken',
  packages: ['jsonwebtoken'],
  readme: 'jwt.verify(token, KeyObject, options), README, jwt.verify',
  algorithms: ['RS256', 'PS256', 'ES256'],
  configuration: configure,
  async open(world) {
    const key = createPublicKey({ key: world.publicJwk, format: 'jwk' });
    const options = configure(world);
    return { prepare: (token) => () => jwt.verify(token, key, options), accepts: acceptsWhatReturns };
  },
};
