import type { KeyAlgorithm } from '../../src/jws/algorithms.js';
import type { KeyRules } from '../../src/jws/public-key.js';

/** The rules for key import, with the defaults of the options. */
export function keyRules(rsaAlgorithm: KeyAlgorithm = 'RS256'): KeyRules {
  return { rsaAlgorithm, maxRsaBits: 4096 };
}
