import { createPublicKey, type JsonWebKey, type VerifyKeyObjectInput } from 'node:crypto';
import { bare } from '../objects/bare.js';
import { type AlgorithmProfile, algorithmOfCurve, algorithmProfile, type KeyAlgorithm } from './algorithms.js';
import { decodeBase64url } from './base64url.js';
import type { JsonObject, JsonValue } from './json.js';
import { Malformed } from './malformed.js';
import { hasRocaPattern } from './roca.js';
import { isOfSmallOrder } from './small-order.js';

/** A public key for one algorithm, which is pinned at import (RFC 8725 section 3.1). */
export class PublicKey {
  readonly kid: string | undefined;
  readonly algorithm: AlgorithmProfile;
  /** Length of every signature by this key, in octets. */
  readonly signatureOctets: number;
  readonly #material: VerifyKeyObjectInput;
  readonly #members: string;

  constructor(kid: string | undefined, algorithm: AlgorithmProfile, signatureOctets: number, jwk: JsonWebKey) {
    this.kid = kid;
    this.algorithm = algorithm;
    this.signatureOctets = signatureOctets;
    this.#members = JSON.stringify(jwk);
    this.#material = bare({
      key: createPublicKey(bare({ key: jwk, format: 'jwk' as const })),
      dsaEncoding: 'ieee-p1363',
      ...(algorithm.padding !== undefined && { padding: algorithm.padding }),
      ...(algorithm.saltOctets !== undefined && { saltLength: algorithm.saltOctets }),
    });
    Object.freeze(this);
  }

  /** Whether both are the same key for the same algorithm, possibly imported twice. */
  isSameAs(other: PublicKey): boolean {
    return this === other || (this.algorithm === other.algorithm && this.#members === other.#members);
  }

  /** The key and its parameters, in the form that `crypto.verify` takes. */
  get material(): VerifyKeyObjectInput {
    return this.#material;
  }
}

const maxKidLength = 256;
const minRsaBits = 2048;
/** 65537, as a Base64urlUInt. */
const exponent = 'AQAB';
/** Members of private and symmetric keys (RFC 7518 section 6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Rules for the import of a key. */
export interface KeyRules {
  /** The algorithm that an RSA key without `alg` is pinned to. */
  readonly rsaAlgorithm: KeyAlgorithm;
  /** Largest RSA modulus, in bits. The cost of a verification grows with its square. */
  readonly maxRsaBits: number;
}

/**
 * Imports one member of a JWK set for verification.
 *
 * @param jwk one member of `keys`
 * @see RFC 7517 section 4
 */
export function importPublicKey(jwk: JsonObject, rules: KeyRules): PublicKey | Malformed {
  const { kid } = jwk;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength)) {
    return new Malformed(`kid: not a string, or longer than ${maxKidLength} characters`);
  }
  // A published private or symmetric key is not secret any more (RFC 7517 section 9.2).
  if (isSecretKey(jwk)) return new Malformed('a private or symmetric key');
  if (!isForVerifying(jwk)) return new Malformed('use or key_ops: not for verifying');
  const algorithm = pinAlgorithm(jwk, rules.rsaAlgorithm);
  if (algorithm === undefined) return new Malformed('alg, kty or crv: no algorithm fits');
  const signatureOctets =
    algorithm.keyType === 'RSA' ? rsaSignatureOctets(jwk, rules.maxRsaBits) : curveSignatureOctets(jwk, algorithm);
  if (signatureOctets instanceof Malformed) return signatureOctets;
  try {
    return new PublicKey(kid, algorithm, signatureOctets, essentialMembers(jwk));
  } catch {
    // OpenSSL refuses points that are not on the curve.
    return new Malformed('key material: refused by OpenSSL');
  }
}

/** Whether a member of a JWK set is a private or symmetric key, or a part of one. */
export function isSecretKey(jwk: JsonValue): boolean {
  return typeof jwk === 'object' && jwk !== null && secretMembers.some((name) => Object.hasOwn(jwk, name));
}

function isForVerifying({ use, key_ops: operations }: JsonObject): boolean {
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

// The algorithm comes from the key alone, never from the header of a token. Therefore one key
// cannot be used with two algorithms (RFC 8725 section 3.1).
function pinAlgorithm(jwk: JsonObject, rsaAlgorithm: KeyAlgorithm): AlgorithmProfile | undefined {
  const { alg, kty, crv } = jwk;
  if (alg !== undefined) {
    const named = typeof alg === 'string' ? algorithmProfile(alg) : undefined;
    return named?.keyType === kty && (named?.curve === undefined || named.curve === crv) ? named : undefined;
  }
  if (kty === 'RSA') return algorithmProfile(rsaAlgorithm);
  return typeof kty === 'string' && typeof crv === 'string' ? algorithmOfCurve(kty, crv) : undefined;
}

/**
 * The length of RSA signatures in octets. The modulus must have at least 2048 bits (RFC 7518
 * section 3.3). The exponent must be 65537: smaller ones are weaker, larger ones cost more.
 */
function rsaSignatureOctets({ n, e }: JsonObject, maxRsaBits: number): number | Malformed {
  const modulus = octetsOf(n);
  // RFC 7518 section 2: a Base64urlUInt has no leading zero octet. With a second spelling, one key
  // would have two thumbprints.
  if (!modulus?.[0]) return new Malformed('n: not a Base64urlUInt');
  if (e !== exponent) return new Malformed('e: not 65537');
  const bits = modulus.length * 8 - Math.clz32(modulus[0]) + 24;
  if (bits < minRsaBits) return new Malformed(`n: ${bits} bits, less than ${minRsaBits}`);
  if (bits > maxRsaBits) return new Malformed(`n: ${bits} bits, more than keys.maxRsaBits (${maxRsaBits})`);
  return hasRocaPattern(modulus) ? new Malformed('n: of a faulty key generator (CVE-2017-15361)') : modulus.length;
}

const badPoint = new Malformed('key material: malformed or too weak');

/**
 * The length of signatures under an elliptic curve key, in octets. Coordinates must have the full
 * length of the field (RFC 7518 section 6.2.1.2).
 */
function curveSignatureOctets({ x, y }: JsonObject, algorithm: AlgorithmProfile): number | Malformed {
  const point = octetsOf(x);
  const octets = algorithm.coordinateOctets;
  if (point === undefined || point.length !== octets) return badPoint;
  const isFit = algorithm.keyType === 'OKP' ? !isOfSmallOrder(point) : octetsOf(y)?.length === octets;
  return (isFit ? algorithm.signatureOctets : undefined) ?? badPoint;
}

function octetsOf(member: JsonValue | undefined): Buffer | undefined {
  return typeof member === 'string' ? decodeBase64url(member) : undefined;
}

function essentialMembers({ kty, n, e, crv, x, y }: JsonObject): JsonWebKey {
  return bare(kty === 'RSA' ? { kty, n, e } : { kty, crv, x, ...(kty === 'EC' && { y }) }) as JsonWebKey;
}
