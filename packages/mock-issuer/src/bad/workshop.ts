import type { Issuance } from '../issuance.js';
import type { KeyRing } from '../key-ring.js';
import type { Mint } from '../mint.js';
import type { TokenRequest } from '../token-request.js';

/** Mints a token that is as the request has it, but for one fault. @throws TypeError when the request is ill-typed, or asks for an opaque token and the fault is one of JWTs. */
export type BadToken = (request?: TokenRequest) => Promise<string>;

/** What bad tokens are made with. */
export interface Workshop {
  readonly mint: Mint;
  readonly issuance: Issuance;
  /** Keys that are in no JWKS a resource server should look at. */
  readonly attacker: KeyRing;
  /** Where an attacker would publish them. */
  readonly attackerJwksUri: string;
}
