import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { LoopbackFetcher } from '../loopback-fetcher.js';
import type { World } from '../world.js';
import { acceptsWhatReturns, type Library } from './library.js';

const configure = ({ issuer, audience, jwksUri }: World) => ({ issuer, audience, jwksUri });

export const awsJwtVerify: Library = {
  name: 'aws-jwt-verify',
  packages: ['aws-jwt-verify'],
  readme:
    'JwtVerifier.create(options).verify(token), README, any OIDC-compatible IDP; hydrated; a fetcher that does http',
  algorithms: ['RS256', 'ES256', 'EdDSA'],
  configuration: configure,
  async open(world) {
    const jwksCache = new SimpleJwksCache({ fetcher: new LoopbackFetcher() });
    const verifier = JwtVerifier.create(configure(world), { jwksCache });
    await verifier.hydrate();
    return { prepare: (token) => () => verifier.verify(token), accepts: acceptsWhatReturns };
  },
};
