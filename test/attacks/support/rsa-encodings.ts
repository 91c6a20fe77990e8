import { constants, createHash, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';
import type { Signer } from './jws-builder.js';

/**
 * The DER in front of the digest in a DigestInfo, with its AlgorithmIdentifier (RFC 8017 section
 * 9.2, note 1).
 */
export const digestInfoPrefixes = {
  sha1: Buffer.from('3021300906052b0e03021a05000414', 'hex'),
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha512: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
} as const;

/**
 * The parts of a PKCS #1 v1.5 encoded message, each of which can be changed (RFC 8017 section 9.2).
 */
export interface Pkcs1Block {
  /** First two octets. */
  readonly lead: Uint8Array;
  /** The octet of the padding. */
  readonly fill: number;
  /** The end of the padding. */
  readonly separator: Uint8Array;
  readonly digestInfo: Uint8Array;
  /** Octets behind the digest; the padding is shorter by their number. */
  readonly garbage: Uint8Array;
}

/** Builds an encoded message of `length` octets. */
export function pkcs1Block(message: string, length: number, changes: Partial<Pkcs1Block> = {}): Buffer {
  const { lead, fill, separator, digestInfo, garbage } = {
    lead: Buffer.of(0, 1),
    fill: 0xff,
    separator: Buffer.of(0),
    digestInfo: Buffer.concat([digestInfoPrefixes.sha256, sha256(message)]),
    garbage: Buffer.alloc(0),
    ...changes,
  };
  const fillLength = length - lead.length - separator.length - digestInfo.length - garbage.length;
  return Buffer.concat([lead, Buffer.alloc(fillLength, fill), separator, digestInfo, garbage]);
}

/** The parts of a PSS block; the default of each is the value that PS256 requires. */
export interface PssBlock {
  readonly saltLength?: number;
  /** The hash of the mask generation function. */
  readonly maskHash?: string;
  /** Last octet. */
  readonly trailer?: number;
  /** Bits to set in the first octet after its unused bit is cleared. */
  readonly firstBits?: number;
  /** The octet between the zeros and the salt. */
  readonly separator?: number;
}

/** EMSA-PSS-ENCODE with SHA-256 (RFC 8017 section 9.1.1). */
export function pssBlock(message: string, length: number, block: PssBlock = {}): Buffer {
  const { saltLength = 32, maskHash = 'sha256', trailer = 0xbc, firstBits = 0, separator = 1 } = block;
  const salt = randomBytes(saltLength);
  const digest = sha256(Buffer.concat([Buffer.alloc(8), sha256(message), salt]));
  const padding = Buffer.alloc(length - saltLength - digest.length - 2);
  const data = Buffer.concat([padding, Buffer.of(separator), salt]);
  const mask = mgf1(digest, data.length, maskHash);
  const masked = data.map((octet, at) => octet ^ (mask[at] ?? 0));
  // The modulus has a multiple of eight bits, the encoded message one fewer.
  masked[0] = ((masked[0] ?? 0) & 0x7f) | firstBits;
  return Buffer.concat([masked, digest, Buffer.of(trailer)]);
}

/** Signs any block with the bare RSA operation. */
export function rawRsaSigner(privateKey: KeyObject, blockOf: (message: string, length: number) => Buffer): Signer {
  const length = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const modulus = Buffer.from(String(privateKey.export({ format: 'jwk' }).n), 'base64url');
  return (signingInput) => {
    let block = blockOf(signingInput, length);
    // RSA requires numbers below the modulus. The random parts are drawn again until the block is
    // one.
    while (Buffer.compare(block, modulus) >= 0) block = blockOf(signingInput, length);
    return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block);
  };
}

export function sha256(message: string | Uint8Array): Buffer {
  return createHash('sha256').update(message).digest();
}

function mgf1(seed: Uint8Array, length: number, hash: string): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0, made = 0; made < length; counter++) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const block = createHash(hash).update(seed).update(count).digest();
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}
