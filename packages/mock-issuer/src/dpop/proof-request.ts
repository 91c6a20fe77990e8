import { isSignatureAlgorithm } from '../algorithms.js';
import { isFilled, isObject, judge, type Rule } from '../judge.js';
import type { DpopKey } from './dpop-key.js';

/** What a proof is for. Every member but `url` may be left out. */
export interface ProofRequest {
  /** Who proves possession, from `dpop.key()`. Default: a new key, ES256. */
  readonly key?: DpopKey;
  /** The method of the request. Default `'GET'`. */
  readonly method?: string;
  /** The address of the request, absolute; query and fragment do not get into the proof (RFC 9449 section 4.2). */
  readonly url: string | URL;
  /** The access token that comes with it: the proof gets its hash, `ath`. Default: none, as at the token endpoint. */
  readonly accessToken?: string;
  /** The nonce that the server gave. Default: none. */
  readonly nonce?: string;
  /** Laid over the claims `jti`, `htm`, `htu`, `iat`, `ath` and `nonce`; a member that is `undefined` takes the claim away. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Laid over `typ`, `alg` and `jwk` of the JOSE header, likewise. Does not change how the proof is signed. */
  readonly header?: Readonly<Record<string, unknown>>;
}

const text: Rule = { expected: 'a string, not empty', accepts: isFilled };
const members: Rule = { expected: 'an object', accepts: isObject };

const rules: Readonly<Record<keyof ProofRequest, Rule>> = {
  key: {
    expected: 'a key of dpop.key()',
    accepts: (value) => isObject(value) && isSignatureAlgorithm(value['alg']) && isObject(value['publicJwk']),
  },
  method: text,
  url: { expected: 'an absolute URL', accepts: (value) => URL.canParse(String(value)) },
  accessToken: text,
  nonce: text,
  claims: members,
  header: members,
};

/** @throws TypeError naming the member that is missing, unknown or ill-typed. */
export function judgeProofRequest(request: ProofRequest): void {
  judge('dpop proof', request, rules);
  if (request.url === undefined) throw new TypeError("dpop proof: 'url' is missing");
}
