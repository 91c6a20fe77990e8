import { generateKeyPairSync } from 'node:crypto';
import type { JsonObject } from '../../src/jws/json.js';
import { PublicKey } from '../../src/jws/public-key.js';
import { Refusal } from '../../src/model/refusal.js';
import { Credential, ParsedToken } from '../../src/model/stages.js';

/** A new public key as a JWK, with these members added or replaced. */
export function makeJwk(
  type: 'P-256' | 'P-384' | 'RSA' | 'Ed25519',
  members: Readonly<Record<string, unknown>> = {},
): JsonObject {
  const { publicKey } =
    type === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : type === 'Ed25519'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: type });
  return { ...publicKey.export({ format: 'jwk' }), ...members } as JsonObject;
}

const emptyJws = { header: {}, payload: {}, signingInput: '', signature: new Uint8Array() };

/** A token with the parts that the choice of a key reads. */
export function tokenNaming(kid: string | undefined, algorithm = 'ES256'): ParsedToken {
  const header = { issuer: 'https://issuer.example', algorithm, kid };
  return new ParsedToken(new Credential('Bearer', 'token'), emptyJws, header);
}

/**
 * The result of a key look-up in one word: the kid of the key, the code of the refusal, or
 * `undefined`.
 */
export function named(found: PublicKey | Refusal | undefined): string | undefined {
  if (found instanceof PublicKey) return found.kid ?? 'the key without a kid';
  return found instanceof Refusal ? found.code : undefined;
}
