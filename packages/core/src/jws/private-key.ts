import { createPrivateKey, type JsonWebKey, type KeyObject, sign as signBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { bare } from '../objects/bare.js';
import { type AlgorithmProfile, algorithmOfCurve, algorithmProfile } from './algorithms.js';
import type { JsonObject } from './json.js';
import { Malformed } from './malformed.js';

/** Signs in the thread pool, because an RSA signature takes milliseconds. */
const sign = promisify(signBytes);
const minRsaBits = 2048;

/** Our own private key, for one algorithm. Printing it does not reveal the key. */
export class PrivateKey {
  readonly kid: string | undefined;
  readonly algorithm: AlgorithmProfile;
  /** Value of `alg` in headers. Some servers support only the older name of Ed25519, `EdDSA`. */
  readonly #alg: string;
  readonly #key: KeyObject;

  constructor(kid: string | undefined, algorithm: AlgorithmProfile, key: KeyObject, alg: string = algorithm.name) {
    this.kid = kid;
    this.algorithm = algorithm;
    this.#alg = alg;
    this.#key = key;
    Object.freeze(this);
  }

  /** Creates a JWS in compact serialization (RFC 7515 section 7.1). */
  async sign(header: object, payload: object): Promise<string> {
    const { digest, padding, saltOctets } = this.algorithm;
    const protectedHeader = { alg: this.#alg, ...(this.kid !== undefined && { kid: this.kid }), ...header };
    const input = `${encode(protectedHeader)}.${encode(payload)}`;
    const material = bare({
      key: this.#key,
      dsaEncoding: 'ieee-p1363' as const,
      ...(padding !== undefined && { padding }),
      ...(saltOctets !== undefined && { saltLength: saltOctets }),
    });
    const signature = await sign(digest, Buffer.from(input), material);
    return `${input}.${signature.toString('base64url')}`;
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/**
 * Imports a private JWK for signing. Without `alg`, the curve determines the algorithm; for RSA it
 * is RS256.
 */
export function importPrivateKey(jwk: JsonObject): PrivateKey | Malformed {
  const { kid, d } = jwk;
  if (kid !== undefined && typeof kid !== 'string') return new Malformed('kid: not a string');
  if (typeof d !== 'string') return new Malformed('d: not a private key');
  const algorithm = algorithmOf(jwk);
  if (algorithm === undefined) return new Malformed('alg, kty or crv: no algorithm fits');
  try {
    const key = createPrivateKey(bare({ key: jwk as unknown as JsonWebKey, format: 'jwk' as const }));
    const { modulusLength = minRsaBits } = bare(key.asymmetricKeyDetails ?? {});
    if (modulusLength < minRsaBits) return new Malformed(`n: less than ${minRsaBits} bits`);
    return new PrivateKey(kid, algorithm, key, typeof jwk['alg'] === 'string' ? jwk['alg'] : undefined);
  } catch {
    return new Malformed('key material: refused by OpenSSL');
  }
}

function algorithmOf({ alg, kty, crv }: JsonObject): AlgorithmProfile | undefined {
  if (alg === undefined && kty === 'RSA') return algorithmProfile('RS256');
  if (alg === undefined) return algorithmOfCurve(String(kty), String(crv));
  const named = typeof alg === 'string' ? algorithmProfile(alg) : undefined;
  return named?.keyType === kty && (named?.curve === undefined || named.curve === crv) ? named : undefined;
}
