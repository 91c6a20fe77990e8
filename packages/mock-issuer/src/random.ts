import { createHash, randomBytes } from 'node:crypto';
import { nothingKept, type Persistent } from './state/persistent.js';
import { refill, whole } from './state/read.js';

/** What a random value is for; under a seed each kind has a row of its own, so that more of one does not change another. */
export type Purpose =
  | 'client'
  | 'secret'
  | 'token'
  | 'jti'
  | 'kid'
  | 'grant'
  | 'code'
  | 'verifier'
  | 'request'
  | 'interaction'
  | 'nonce'
  | 'proof'
  | 'session'
  | 'thumbprint'
  | 'device-code'
  | 'user-code';

/** Where everything comes from that must not be guessed, but keys and signatures. */
export interface Random {
  /** @returns as many bytes as asked for, 32 at most. */
  bytes(purpose: Purpose, length: number): Buffer;
}

/** What a file keeps so that no value comes a second time. */
export type KeptRandom = Random & Persistent;

/** The bytes of node:crypto. */
export const systemRandom: KeptRandom = { ...nothingKept, bytes: (_purpose, length) => randomBytes(length) };

/** The same bytes in every run, which whoever knows the seed can guess. */
export function seededRandom(seed: string): KeptRandom {
  const taken = new Map<string, number>();
  return {
    bytes: (purpose, length) => {
      const count = (taken.get(purpose) ?? 0) + 1;
      taken.set(purpose, count);
      return createHash('sha256')
        .update(JSON.stringify([seed, purpose, count]))
        .digest()
        .subarray(0, length);
    },
    snapshot: () => [...taken],
    restore: (data) => refill(taken, data, whole),
  };
}

/** 256 bits in base64url: what no one can guess (RFC 6749 section 10.10). */
export function randomText(random: Random, purpose: Purpose): string {
  return random.bytes(purpose, 32).toString('base64url');
}

/** An identifier of the form of a UUID, version 4 (RFC 9562 section 5.4). */
export function randomId(random: Random, purpose: Purpose): string {
  const bytes = random.bytes(purpose, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
