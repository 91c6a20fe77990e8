import { Refusal } from '../model/refusal.js';
import { ConfirmedToken, type ValidToken } from '../model/stages.js';

const unsupported = new Refusal('binding_unsupported', { expected: 'a token without cnf' });

/**
 * Confirms that whoever presents a token may. A token with `cnf` (RFC 7800) is bound to a key;
 * accepting it without proof of that key would make a stolen one worth as much as its owner's,
 * so that any `cnf`, whatever is in it, refuses the token.
 */
export function confirmBinding(valid: ValidToken): ConfirmedToken | Refusal {
  return valid.token.claims['cnf'] === undefined ? new ConfirmedToken(valid, 'none') : unsupported;
}
