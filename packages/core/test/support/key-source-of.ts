import { importKeySet } from '../../src/keys/key-set.js';
import { StaticKeySource } from '../../src/keys/static-key-source.js';
import type { KeySource } from '../../src/model/ports.js';
import { jsonObject } from './json-object.js';
import { keyRules } from './key-rules.js';
import type { Signer } from './signers.js';
import { passed } from './verdict.js';

/** A key source with the public keys of these signers, as those of one issuer. */
export function keysOf(...signers: readonly Signer[]): KeySource {
  return new StaticKeySource(passed(importKeySet(jsonObject({ keys: signers.map(({ jwk }) => jwk) }), keyRules())));
}
