import type { KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { assertSignatureAlgorithm, type SignatureAlgorithm } from '../algorithms.js';
import { makeSigningKey } from '../signing-key.js';

/** A public key as a DPoP proof carries it: what RFC 7638 section 3.2 counts, and nothing else. */
export interface DpopJwk {
  readonly kty: string;
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** The key of a client that proves possession of it. */
export interface DpopKey {
  readonly alg: SignatureAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicJwk: DpopJwk;
  /** The `jkt` that tokens are bound to (RFC 9449 section 6.1). */
  readonly thumbprint: string;
}

/** Makes a key. @throws TypeError for an unknown algorithm. */
export async function makeDpopKey(alg: SignatureAlgorithm = 'ES256'): Promise<DpopKey> {
  assertSignatureAlgorithm('dpop.key', alg);
  const made = await makeSigningKey(alg, '');
  const { use: _use, alg: _alg, kid: _kid, ...publicJwk } = made.publicJwk;
  return Object.freeze({
    alg,
    privateKey: made.privateKey,
    publicJwk: Object.freeze(publicJwk),
    thumbprint: await calculateJwkThumbprint(publicJwk),
  });
}
