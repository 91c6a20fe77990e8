import { createPrivateKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { type AlgorithmProfile, algorithmOfCurve, algorithmProfile } from './algorithms.js';
import type { JsonObject } from './json.js';
import { Malformed } from './malformed.js';

/** A private key of ours, for one algorithm. Nothing of it can be printed. */
export class PrivateKey {
  readonly kid: string | undefined;
  readonly algorithm: AlgorithmProfile;
  readonly #key: KeyObject;

  constructor(kid: string | undefined, algorithm: AlgorithmProfile, key: KeyObject) {
    this.kid = kid;
    this.algorithm = algorithm;
    this.#key = key;
    Object.freeze(this);
  }

  /** A JWS in compact serialization (RFC 7515 section 7.1). */
  sign(header: object, payload: object): string {
    const { name: alg, digest, padding, saltOctets } = this.algorithm;
    const protectedHeader = { alg, ...(this.kid !== undefined && { kid: this.kid }), ...header };
    const input = `${encode(protectedHeader)}.${encode(payload)}`;
    const signature = sign(digest, Buffer.from(input), {
      key: this.#key,
      dsaEncoding: 'ieee-p1363',
      ...(padding !== undefined && { padding }),
      ...(saltOctets !== undefined && { saltLength: saltOctets }),
    });
    return `${input}.${signature.toString('base64url')}`;
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Imports a private JWK for signing. Its `alg` says what for; else the curve; RSA without `alg` is for RS256. */
export function importPrivateKey(jwk: JsonObject): PrivateKey | Malformed {
  const { kid, d } = jwk;
  if (kid !== undefined && typeof kid !== 'string') return new Malformed('kid: not a string');
  if (typeof d !== 'string') return new Malformed('d: not a private key');
  const algorithm = algorithmOf(jwk);
  if (algorithm === undefined) return new Malformed('alg, kty or crv: no algorithm fits');
  try {
    const key = createPrivateKey({ key: jwk as unknown as JsonWebKey, format: 'jwk' });
    return new PrivateKey(kid, algorithm, key);
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
