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
 * Not as KeyObjects: Node.js 20 hangs when the garbage collector takes the job that generated a key while this very
 * key is exported as a JWK, since both take its mutex: rare, but not among tens of thousands of keys.
 */
const encodings: ECKeyPairOptions<'der', 'der'> = {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
};

/** An ES256 key that makes tokens: thousands of issuers and keys need no thousands of servers. */
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

  /** A good token, never the same twice, with these claims over the usual ones. */
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
