import { constants, createHash, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';
import type { Signer } from './jws-builder.js';

/** The DER of `AlgorithmIdentifier` and what precedes the digest in a DigestInfo (RFC 8017 section 9.2, note 1). */
export const digestInfoPrefixes = {
  sha1: Buffer.from('3021300906052b0e03021a05000414', 'hex'),
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha512: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
} as const;

/** The parts of an encoded message of PKCS#1 v1.5, each to be changed by itself (RFC 8017 section 9.2). */
export interface Pkcs1Block {
  /** First two octets. */
  readonly lead: Uint8Array;
  /** The octet that the padding is made of. */
  readonly fill: number;
  /** Ends the padding. */
  readonly separator: Uint8Array;
  readonly digestInfo: Uint8Array;
  /** Behind the digest; the padding is so much shorter. */
  readonly garbage: Uint8Array;
}

/** Builds the encoded message, `length` octets of it. */
export function pkcs1Block(message: string, length: number, changes: Partial<Pkcs1Block> = {}): Buffer {
  const { lead, fill, separator, digestInfo, garbage } = {
    lead: Buffer.of(0, 1),
    fill: 0xff,
    separator: Buffer.of(0),
    digestInfo: Buffer.concat([digestInfoPrefixes.sha256, sha256(message)]),
    garbage: Buffer.alloc(0),
    ...changes,
  };
  const room = length - lead.length - separator.length - digestInfo.length - garbage.length;
  return Buffer.concat([lead, Buffer.alloc(room, fill), separator, digestInfo, garbage]);
}

/** How a PSS block is made; what is left out is as PS256 has it. */
export interface PssBlock {
  readonly saltLength?: number;
  /** The hash of the mask generation function. */
  readonly maskHash?: string;
  /** Last octet. */
  readonly trailer?: number;
  /** Laid over the first octet after its unused bit was cleared. */
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

/** Signs with RSA alone, whatever the block is. */
export function rawRsaSigner(privateKey: KeyObject, blockOf: (message: string, length: number) => Buffer): Signer {
  const length = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const modulus = Buffer.from(String(privateKey.export({ format: 'jwk' }).n), 'base64url');
  return (signingInput) => {
    let block = blockOf(signingInput, length);
    // RSA takes numbers below the modulus only; what is random in a block is drawn again until it is one.
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
