import { generateKeyPairSync } from 'node:crypto';
import { type JsonObject, parseJsonObject } from '../../../packages/core/src/jws/json.js';
import { Malformed } from '../../../packages/core/src/jws/malformed.js';
import { importPublicKey, PublicKey } from '../../../packages/core/src/jws/public-key.js';
import { Credential, ParsedToken, SignedToken } from '../../../packages/core/src/model/stages.js';
import { keyRules } from '../../../packages/core/test/support/key-rules.js';

/**
 * Untrusted JSON as the modules receive it; `undefined` if the text is not an acceptable object.
 */
export function parsed(text: string): JsonObject | undefined {
  const object = parseJsonObject(Buffer.from(text));
  return object instanceof Malformed ? undefined : object;
}

const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

function importKey(): PublicKey {
  const key = importPublicKey(parsed(JSON.stringify(jwk)) ?? {}, keyRules());
  if (key instanceof PublicKey) return key;
  throw new Error(key.reason);
}

const key = importKey();

/** A token whose signature counts as valid, with any content. */
export function signedToken(header: JsonObject, payload: JsonObject): SignedToken {
  const jws = { header, payload, signingInput: '', signature: new Uint8Array() };
  const issuer = 'https://issuer.test';
  return new SignedToken(
    new ParsedToken(new Credential('Bearer', 'a.b.c'), jws, { issuer, algorithm: 'Ed25519', kid: undefined }),
    key,
  );
}
