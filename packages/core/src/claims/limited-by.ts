import type { JsonObject, JsonValue } from '../jws/json.js';
import { Refusal } from '../model/refusal.js';
import { IntrospectedToken } from '../model/stages.js';
import { refersToStatusList } from '../model/status-claim.js';
import { emptyBare } from '../objects/bare.js';

/** Claims that can do nothing but narrow what a token is good for. */
const limits = ['exp', 'nbf', 'cnf', 'status'];

const anotherToken = new Refusal('claim_malformed', { expected: 'jti: of the token that was asked about' });

/** Whether a claim of the JWT narrows what the answer says. */
function narrows(name: string, own: JsonValue | undefined, answered: JsonValue | undefined): boolean {
  if (own === undefined) return false;
  // A `status` of the answer that refers to no list is another claim: it must not hide the JWT's reference.
  const isHidden = name === 'status' && refersToStatusList(own) && !refersToStatusList(answered);
  return answered === undefined || isHidden;
}

/**
 * An answer about a JWT, narrowed by what the JWT says where the answer says nothing: an issuer that leaves out `cnf` or `exp` makes no bound
 * token free and none everlasting. Nothing else of the JWT counts: its signature was not verified here.
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
