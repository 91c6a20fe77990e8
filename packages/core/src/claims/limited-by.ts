import type { JsonObject, JsonValue } from '../jws/json.js';
import { Refusal } from '../model/refusal.js';
import { IntrospectedToken } from '../model/stages.js';
import { refersToStatusList } from '../model/status-claim.js';
import { emptyBare } from '../objects/bare.js';

/** Claims that can only narrow what a token permits. */
const limits = ['exp', 'nbf', 'cnf', 'status'];

const anotherToken = new Refusal('claim_malformed', { expected: 'jti: the same in the token and in the answer' });

/** Whether the claim of the JWT has to be added to the answer. */
function narrows(name: string, own: JsonValue | undefined, answered: JsonValue | undefined): boolean {
  if (own === undefined) return false;
  // A `status` in the answer that refers to no list is a private claim of the issuer. It must not
  // hide the reference in the JWT.
  const isHidden = name === 'status' && refersToStatusList(own) && !refersToStatusList(answered);
  return answered === undefined || isHidden;
}

/**
 * Adds the limiting claims of a JWT to its introspection answer, where the answer does not have
 * them. If an answer omits `cnf` or `exp`, the token is still bound and still expires. No other
 * claim of the JWT is used, because its signature was not verified here.
 */
export function limitedBy(own: JsonObject, answered: IntrospectedToken): IntrospectedToken | Refusal {
  const { claims, credential, issuer } = answered;
  if (own['jti'] !== undefined && claims['jti'] !== undefined && own['jti'] !== claims['jti']) return anotherToken;
  const missing = limits.filter((name) => narrows(name, own[name], claims[name]));
  if (missing.length === 0) return answered;
  const added = Object.fromEntries(missing.map((name) => [name, own[name]]));
  return new IntrospectedToken(
    credential,
    issuer,
    Object.freeze(Object.assign(emptyBare(), claims, added) as JsonObject),
  );
}
