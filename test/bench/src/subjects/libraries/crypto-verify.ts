import { constants, createPublicKey, type VerifyKeyObjectInput, verify } from 'node:crypto';
import { type Algorithm, algorithms, type World } from '../world.js';
import type { Library } from './library.js';

const digests: Readonly<Record<Algorithm, string | null>> = {
  RS256: 'sha256',
  PS256: 'sha256',
  ES256: 'sha256',
  EdDSA: null,
};

function keyOf({ alg, publicJwk }: World): VerifyKeyObjectInput {
  const key = createPublicKey({ key: publicJwk, format: 'jwk' });
  if (alg === 'PS256') return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : { key };
}

function split(token: string): { input: Buffer; signature: Buffer } {
  const dot = token.lastIndexOf('.');
  return { input: Buffer.from(token.slice(0, dot)), signature: Buffer.from(token.slice(dot + 1), 'base64url') };
}

type Verify = (digest: string | null, input: Buffer, key: VerifyKeyObjectInput, signature: Buffer) => unknown;

function cryptoVerify(name: string, verifyOne: Verify): Library {
  return {
    name,
    packages: [],
    readme: 'the signature only: no parsing, no claims; input and signature are decoded before the measurement',
    algorithms,
    isLimit: true,
    configuration: () => ({ key: '(KeyObject)' }),
    async open(world) {
      const digest = digests[world.alg];
      const key = keyOf(world);
      return {
        prepare: (token) => {
          const { input, signature } = split(token);
          return () => verifyOne(digest, input, key, signature);
        },
        accepts: (outcome) => outcome === true,
      };
    },
  };
}

export const cryptoSync: Library = cryptoVerify('crypto.verify sync', verify);

export const cryptoCallback: Library = cryptoVerify(
  'crypto.verify callback',
  (digest, input, key, signature) =>
    new Promise((resolve, reject) => {
      verify(digest, input, key, signature, (failure, verified) => {
        if (failure === null) resolve(verified);
        else reject(failure);
      });
    }),
);
