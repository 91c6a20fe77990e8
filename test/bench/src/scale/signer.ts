import {
  createPrivateKey,
  createPublicKey,
  type ECKeyPairOptions,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import { flat } from '../measure/flat-string.js';

export const audience = 'https://api.example.com';

/**
 * Keys are encoded at once instead of returned as KeyObjects. Node.js 20 can hang when a key is
 * exported as a JWK while the garbage collector frees the job that generated it: both take its
 * mutex. This is rare, but happens among tens of thousands of keys.
 */
const encodings: ECKeyPairOptions<'der', 'der'> = {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
};

/**
 * An ES256 key that signs tokens in this process, so that thousands of issuers need no HTTP
 * servers.
 */
export class Signer {
  readonly issuer: string;
  readonly publicJwk: JsonWebKey;
  readonly #header: string;
  readonly #privateKey: KeyObject;

  constructor(issuer: string) {
    this.issuer = issuer;
    const { privateKey, publicKey } = generateKeyPairSync('ec', encodings);
    const kid = randomBytes(12).toString('base64url');
    this.#privateKey = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' });
    const publicJwk = createPublicKey({ key: publicKey, format: 'der', type: 'spki' }).export({ format: 'jwk' });
    this.publicJwk = { ...publicJwk, kid, alg: 'ES256', use: 'sig' };
    this.#header = encode({ alg: 'ES256', typ: 'at+jwt', kid });
  }

  /** A new valid token on every call; `claims` replace the default ones. */
  token(claims: Readonly<Record<string, unknown>> = {}): string {
    const iat = Math.floor(Date.now() / 1000);
    const usual = { iss: this.issuer, aud: audience, sub: 'user-1', client_id: 'client-1', iat, exp: iat + 3600 };
    const input = `${this.#header}.${encode({ ...usual, jti: randomUUID(), scope: 'read write', ...claims })}`;
    const signature = sign('sha256', Buffer.from(input), { key: this.#privateKey, dsaEncoding: 'ieee-p1363' });
    return flat(`${input}.${signature.toString('base64url')}`);
  }
}

function encode(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url');
}
