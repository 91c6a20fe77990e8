import type { KeyQuery } from '../model/ports.js';
import { Refusal, shown } from '../model/refusal.js';
import type { KeySet } from './key-set.js';

/**
 * The refusal of a `kid` that no usable key of the issuer has. If the key with that `kid` was
 * skipped, the detail contains the reason.
 */
export function unknownKey({ kid }: KeyQuery, keys: KeySet): Refusal {
  const skipped = keys.whySkipped(kid);
  const expected = skipped === undefined ? 'kid: a key of the issuer' : `kid: a usable key (${skipped})`;
  return new Refusal('key_unknown', { expected, found: shown(kid) });
}
