import { constants } from 'node:crypto';
import { bare } from '../objects/bare.js';

/**
 * A JWS algorithm that an access token may be signed with. The list is closed and contains only
 * asymmetric algorithms. `EdDSA` is RFC 8037's older name for `Ed25519`.
 *
 * @see RFC 7518 section 3.1 and RFC 9864
 */
export type SignatureAlgorithm = KeyAlgorithm | 'EdDSA';

/** A {@link SignatureAlgorithm} by its fully-specified name. Each key is pinned to one of these. */
export type KeyAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'Ed25519';

/** The parameters of one algorithm, and which keys fit it. */
export interface AlgorithmProfile {
  readonly name: KeyAlgorithm;
  readonly keyType: 'RSA' | 'EC' | 'OKP';
  readonly curve?: 'P-256' | 'P-384' | 'P-521' | 'Ed25519';
  /** Digest for `node:crypto`; `null` if the algorithm includes its digest. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null;
  readonly padding?: number;
  /** Octets of a signature, and of each key coordinate. For RSA they depend on the modulus. */
  readonly signatureOctets?: number;
  readonly coordinateOctets?: number;
  /** Octets of the PSS salt: the digest's length (RFC 7518 section 3.5). */
  readonly saltOctets?: number;
}

const pkcs1 = { keyType: 'RSA', padding: constants.RSA_PKCS1_PADDING } as const;
const pss = { keyType: 'RSA', padding: constants.RSA_PKCS1_PSS_PADDING } as const;

const rows: readonly AlgorithmProfile[] = [
  { name: 'RS256', ...pkcs1, digest: 'sha256' },
  { name: 'RS384', ...pkcs1, digest: 'sha384' },
  { name: 'RS512', ...pkcs1, digest: 'sha512' },
  { name: 'PS256', ...pss, digest: 'sha256', saltOctets: 32 },
  { name: 'PS384', ...pss, digest: 'sha384', saltOctets: 48 },
  { name: 'PS512', ...pss, digest: 'sha512', saltOctets: 64 },
  { name: 'ES256', keyType: 'EC', curve: 'P-256', digest: 'sha256', signatureOctets: 64, coordinateOctets: 32 },
  { name: 'ES384', keyType: 'EC', curve: 'P-384', digest: 'sha384', signatureOctets: 96, coordinateOctets: 48 },
  { name: 'ES512', keyType: 'EC', curve: 'P-521', digest: 'sha512', signatureOctets: 132, coordinateOctets: 66 },
  { name: 'Ed25519', keyType: 'OKP', curve: 'Ed25519', digest: null, signatureOctets: 64, coordinateOctets: 32 },
];

const profiles: readonly AlgorithmProfile[] = rows.map((row) => Object.freeze(bare(row)));

// A Map, because the name to look up comes from a token.
const byName: ReadonlyMap<string, AlgorithmProfile> = new Map(
  profiles.flatMap((profile) => namesOf(profile).map((name) => [name, profile])),
);

function namesOf({ name }: AlgorithmProfile): readonly SignatureAlgorithm[] {
  return name === 'Ed25519' ? [name, 'EdDSA'] : [name];
}

/** Every value that the `alg` of a token may have. */
export const signatureAlgorithms: readonly SignatureAlgorithm[] = Object.freeze([
  ...byName.keys(),
]) as readonly SignatureAlgorithm[];

/**
 * The profile of `name`, or `undefined` outside the closed list. Names are case-sensitive.
 *
 * @see RFC 7515 section 4.1.1
 */
export function algorithmProfile(name: string): AlgorithmProfile | undefined {
  return byName.get(name);
}

/** The only algorithm that a curve allows (RFC 7518 section 3.4, RFC 8037 section 3.1). */
export function algorithmOfCurve(keyType: string, curve: string): AlgorithmProfile | undefined {
  return profiles.find((profile) => profile.keyType === keyType && profile.curve === curve);
}
