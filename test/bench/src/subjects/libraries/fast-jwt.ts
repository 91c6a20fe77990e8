import { createPublicKey } from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import { algorithms, type World } from '../world.js';
import { acceptsWhatReturns, type Library } from './library.js';

/** The verifier takes the key as PEM. With a key instead of a function it is synchronous. */
const configure = ({ issuer, audience, alg }: World) => ({
  algorithms: [alg],
  allowedIss: issuer,
  allowedAud: audience,
});

function fastJwtWith(name: string, cache: boolean): Library {
  return {
    name,
    packages: ['fast-jwt'],
    readme: 'createVerifier({ key: PEM, ... }), README, createVerifier',
    algorithms,
    configuration: (world) => ({ ...configure(world), cache }),
    async open(world) {
      const key = createPublicKey({ key: world.publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      const verify = createVerifier({ key: String(key), ...configure(world), cache });
      return { prepare: (token) => () => verify(token), accepts: acceptsWhatReturns };
    },
  };
}

export const fastJwt: Library = fastJwtWith('fast-jwt', false);
export const fastJwtCached: Library = fastJwtWith('fast-jwt with cache', true);
