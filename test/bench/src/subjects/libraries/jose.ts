import { createRemoteJWKSet, jwtVerify } from 'jose';
import { algorithms, type World } from '../world.js';
import { acceptsWhatReturns, type Library } from './library.js';

const configure = ({ issuer, audience }: World) => ({ issuer, audience });

export const jose: Library = {
  name: 'jose',
  packages: ['jose'],
  readme:
    'jwtVerify(token, createRemoteJWKSet(jwksUri), options), docs/jwks/remote; the set is fetched before the measurement',
  algorithms,
  configuration: configure,
  async open(world) {
    const keys = createRemoteJWKSet(new URL(world.jwksUri));
    await keys.reload();
    const options = configure(world);
    return { prepare: (token) => () => jwtVerify(token, keys, options), accepts: acceptsWhatReturns };
  },
};
