import { constants } from 'node:crypto';
import type { Rule } from './judge.js';

/**
 * Signature algorithms the issuer speaks (RFC 7518 section 3.1; `EdDSA` RFC 8037; `Ed25519` RFC 9864).
 * `Ed25519` and `EdDSA` make the same kind of signature under two labels, each with a key of its own.
 */
export type SignatureAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'Ed25519'
  | 'EdDSA';

type Hash = 'sha256' | 'sha384' | 'sha512';

/** What node:crypto must be told to make a key of an algorithm and to sign with it. */
export type AlgorithmTraits =
  | { readonly keyType: 'rsa'; readonly hash: Hash; readonly padding: number }
  | { readonly keyType: 'ec'; readonly hash: Hash; readonly namedCurve: string }
  | { readonly keyType: 'ed25519'; readonly hash: null };

const pkcs1 = (hash: Hash): AlgorithmTraits => ({ keyType: 'rsa', hash, padding: constants.RSA_PKCS1_PADDING });
const pss = (hash: Hash): AlgorithmTraits => ({ keyType: 'rsa', hash, padding: constants.RSA_PKCS1_PSS_PADDING });
const ecdsa = (hash: Hash, namedCurve: string): AlgorithmTraits => ({ keyType: 'ec', hash, namedCurve });
const ed25519: AlgorithmTraits = { keyType: 'ed25519', hash: null };

/** The traits of every algorithm. */
export const algorithmTraits: Readonly<Record<SignatureAlgorithm, AlgorithmTraits>> = {
  RS256: pkcs1('sha256'),
  RS384: pkcs1('sha384'),
  RS512: pkcs1('sha512'),
  PS256: pss('sha256'),
  PS384: pss('sha384'),
  PS512: pss('sha512'),
  ES256: ecdsa('sha256', 'P-256'),
  ES384: ecdsa('sha384', 'P-384'),
  ES512: ecdsa('sha512', 'P-521'),
  Ed25519: ed25519,
  EdDSA: ed25519,
};

/** All of them. */
export const signatureAlgorithms: readonly SignatureAlgorithm[] =
  Object.keys(algorithmTraits).filter(isSignatureAlgorithm);

/** Tells the names of known algorithms from everything else. */
export function isSignatureAlgorithm(value: unknown): value is SignatureAlgorithm {
  return typeof value === 'string' && Object.hasOwn(algorithmTraits, value);
}

/** The rule for an option that names one algorithm. */
export const algorithmRule: Rule = {
  expected: `one of ${signatureAlgorithms.join(', ')}`,
  accepts: isSignatureAlgorithm,
};

/** @throws TypeError when `value` names no known algorithm. */
export function assertSignatureAlgorithm(owner: string, value: unknown): asserts value is SignatureAlgorithm {
  if (!isSignatureAlgorithm(value)) throw new TypeError(`${owner}: 'alg' must be ${algorithmRule.expected}`);
}
