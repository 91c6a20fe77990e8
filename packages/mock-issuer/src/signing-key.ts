import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';
import { algorithmTraits, type SignatureAlgorithm, signatureAlgorithms } from './algorithms.js';
import type { Random } from './random.js';
import { Misfit, oneOf, type Read, shape, text } from './state/read.js';

/** A public signature key as the JWKS endpoint publishes it (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2). */
export interface PublicJwk {
  readonly kty: string;
  readonly use: 'sig';
  readonly alg: SignatureAlgorithm;
  readonly kid: string;
  /** RSA modulus. */
  readonly n?: string;
  /** RSA exponent. */
  readonly e?: string;
  /** Curve of an EC or OKP key. */
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** A JSON Web Key Set (RFC 7517 section 5). */
export interface JwkSet {
  keys: PublicJwk[];
}

/** A private key bound to one algorithm and one kid. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SignatureAlgorithm;
  readonly publicJwk: PublicJwk;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const RSA_BITS = 2048;
const generate = promisify(generateKeyPair);

/** A kid nobody else has: 96 random bits behind the name of the algorithm. */
export function randomKid(alg: SignatureAlgorithm, random: Random): string {
  return `${alg}-${random.bytes('kid', 12).toString('hex')}`;
}

/** Makes a key in the thread pool. RSA keys have 2048 bits. */
export async function makeSigningKey(alg: SignatureAlgorithm, kid: string): Promise<SigningKey> {
  const traits = algorithmTraits[alg];
  if (traits.keyType === 'rsa') return toSigningKey(alg, kid, await generate('rsa', { modulusLength: RSA_BITS }));
  if (traits.keyType === 'ec') return toSigningKey(alg, kid, await generate('ec', { namedCurve: traits.namedCurve }));
  return toSigningKey(alg, kid, await generate('ed25519'));
}

/** As {@link makeSigningKey}, but holds the event loop until the key is there (RSA: tens of milliseconds). */
export function makeSigningKeySync(alg: SignatureAlgorithm, kid: string): SigningKey {
  const traits = algorithmTraits[alg];
  if (traits.keyType === 'rsa') return toSigningKey(alg, kid, generateKeyPairSync('rsa', { modulusLength: RSA_BITS }));
  if (traits.keyType === 'ec')
    return toSigningKey(alg, kid, generateKeyPairSync('ec', { namedCurve: traits.namedCurve }));
  return toSigningKey(alg, kid, generateKeyPairSync('ed25519'));
}

function toSigningKey(
  alg: SignatureAlgorithm,
  kid: string,
  { publicKey: made, privateKey }: KeyPairKeyObjectResult,
): SigningKey {
  // Imported anew: Node 20 stands still when a generated key of an elliptic curve is exported as a JWK at the moment at
  // which the garbage collector frees what made it.
  const publicKey = createPublicKey(made.export({ type: 'spki', format: 'pem' }));
  const { kty = '', ...parameters } = publicKey.export({ format: 'jwk' });
  return { kid, alg, publicJwk: Object.freeze({ kty, use: 'sig', alg, kid, ...parameters }), publicKey, privateKey };
}

/** A key as a file has it. */
export interface SavedKey {
  readonly kid: string;
  readonly alg: SignatureAlgorithm;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
}

/** The private key, for a file. */
export function saveKey({ kid, alg, privateKey }: SigningKey): SavedKey {
  return { kid, alg, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

const readSaved: Read<SavedKey> = shape<SavedKey>({ kid: text, alg: oneOf(...signatureAlgorithms), privateKey: text });

/** A key out of a file. */
export const readKey: Read<SigningKey> = (value, at) => {
  const { kid, alg, privateKey: pem } = readSaved(value, at);
  const misfit = new Misfit(`${at}.privateKey`, `a private key for ${alg} in PEM`);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw misfit;
  }
  const key = toSigningKey(alg, kid, { privateKey, publicKey: createPublicKey(privateKey) });
  if (!isFor(alg, key.publicJwk)) throw misfit;
  return key;
};

function isFor(alg: SignatureAlgorithm, { kty, crv }: PublicJwk): boolean {
  const traits = algorithmTraits[alg];
  if (traits.keyType === 'rsa') return kty === 'RSA';
  return crv === (traits.keyType === 'ec' ? traits.namedCurve : 'Ed25519');
}

/** The JWS signature of `data` (RFC 7518 sections 3.3 to 3.5, RFC 8037 section 3.1): ECDSA as R and S side by side, PSS salt as long as the hash. */
export function signBytes({ alg, privateKey }: Pick<SigningKey, 'alg' | 'privateKey'>, data: string): Buffer {
  const traits = algorithmTraits[alg];
  const bytes = Buffer.from(data);
  if (traits.keyType === 'ec') return sign(traits.hash, bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  if (traits.keyType === 'ed25519') return sign(null, bytes, privateKey);
  const saltLength = traits.padding === constants.RSA_PKCS1_PSS_PADDING ? constants.RSA_PSS_SALTLEN_DIGEST : undefined;
  return sign(traits.hash, bytes, {
    key: privateKey,
    padding: traits.padding,
    ...(saltLength !== undefined && { saltLength }),
  });
}
