import { createPublicKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { World } from '../world.js';
import { type Library, whatReturnsAdmits } from './library.js';

/** Its types know no other names; what cannot be is not in `algorithms` below. */
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
    return { prepare: (token) => () => jwt.verify(token, key, options), admits: whatReturnsAdmits };
  },
};
