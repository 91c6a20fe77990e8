import { Refusal } from '../model/refusal.js';
import { ConfirmedToken, type ValidToken } from '../model/stages.js';

const unsupported = new Refusal('binding_unsupported', {
  expected: 'a token without cnf: bound tokens are not supported',
});

/**
 * Refuses every token with a `cnf` claim. Such a token is bound to a key of the client (RFC 7800),
 * and proofs of possession (DPoP, mutual TLS) are not supported. If the token were accepted
 * without a proof, an attacker could use a stolen one.
 */
export function confirmBinding(valid: ValidToken): ConfirmedToken | Refusal {
  return valid.token.claims['cnf'] === undefined ? new ConfirmedToken(valid, 'none') : unsupported;
}
