import { importPublicKey, type PublicKey } from '../../src/jws/public-key.js';
import { jsonObject } from './json-object.js';
import { keyRules } from './key-rules.js';
import { type Signer, signerOf } from './signers.js';
import { passed } from './verdict.js';

/** The public half of a signer, imported. */
export function publicKeyOf(signer: Signer): PublicKey {
  return passed(importPublicKey(jsonObject(signer.jwk), keyRules()));
}

let any: PublicKey | undefined;

/** A key for stages that need one and do not use it. */
export function someKey(): PublicKey {
  any ??= publicKeyOf(signerOf('Ed25519'));
  return any;
}
