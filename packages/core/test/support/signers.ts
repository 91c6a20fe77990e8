import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { KeyAlgorithm } from '../../src/jws/algorithms.js';

/** A new key pair that signs with one algorithm. */
export interface Signer {
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: KeyObject;
  /** The public key with its `alg`, as a member of a key set. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** @param saltLength octets of the PSS salt, if not the one of the algorithm */
  sign(input: string, saltLength?: number): Buffer;
}

const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

/** Every supported algorithm. */
export const everyAlgorithm: readonly KeyAlgorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
];

// Generating a key of 2048 bits is slow. The tests of one file share it, since no test depends on
// its owner.
let sharedRsaKey: ReturnType<typeof rsaPair> | undefined;

function rsaPair(modulusLength: number) {
  return generateKeyPairSync('rsa', { modulusLength });
}

function pairOf(algorithm: KeyAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === 'Ed25519') return generateKeyPairSync('ed25519');
  const namedCurve = curves[algorithm];
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve });
  sharedRsaKey ??= rsaPair(2048);
  return sharedRsaKey;
}

export function signerOf(algorithm: KeyAlgorithm, pair = pairOf(algorithm)): Signer {
  const digest = algorithm === 'Ed25519' ? null : `sha${algorithm.slice(2)}`;
  const padding = algorithm.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return {
    algorithm,
    privateKey: pair.privateKey,
    jwk: Object.freeze({ ...pair.publicKey.export({ format: 'jwk' }), alg: algorithm }),
    sign(input, saltLength = constants.RSA_PSS_SALTLEN_DIGEST) {
      const rsa = { padding, ...(algorithm.startsWith('PS') && { saltLength }) };
      const options = pair.privateKey.asymmetricKeyType === 'rsa' ? rsa : { dsaEncoding: 'ieee-p1363' as const };
      return sign(digest, Buffer.from(input), { key: pair.privateKey, ...options });
    },
  };
}
