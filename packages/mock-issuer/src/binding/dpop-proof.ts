import { calculateJwkThumbprint, EmbeddedJWK, type JWK, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { signatureAlgorithms } from '../algorithms.js';
import { OAuthError } from '../http/oauth-error.js';
import { jwtProblem } from '../jwt-problem.js';
import { targetUri } from './target-uri.js';

/** The request that a proof came with. */
export interface ProofTarget {
  readonly method: string;
  readonly uri: string;
}

/** A proof that is right but for what needs a memory: its nonce, and whether it came before. */
export interface Proof {
  /** The thumbprint of its key (RFC 7638). */
  readonly jkt: string;
  readonly jti: string;
  readonly nonce: unknown;
  /** Until when it may be sent, in seconds since the epoch. */
  readonly untilSeconds: number;
}

/** How old a proof may be (RFC 9449 section 11.1). */
const PAST_SECONDS = 60;

/** By how much the clock of a client may be ahead. */
const FUTURE_SECONDS = 15;

/** Members of a JWK that are no one else's business (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Every check of RFC 9449 section 4.3 that a proof without an access token must pass, but for those that need a memory.
 *
 * @throws OAuthError invalid_dpop_proof that says which one it did not pass.
 */
export async function checkedProof(header: string, target: ProofTarget, nowSeconds: number): Promise<Proof> {
  // node:http joins lines of the same name by commas, and no JWT has one.
  if (header.includes(',')) throw invalidProof('there is more than one DPoP header');
  const { payload, jwk } = await signedByItsKey(header, nowSeconds);
  const { htm, jti, iat = 0 } = payload;
  if (htm !== target.method) throw invalidProof(`its htm is '${htm}', and the request a ${target.method}`);
  assertTarget(payload['htu'], target.uri);
  if (typeof jti !== 'string' || jti === '') throw invalidProof('its jti must be a string, not empty');
  assertFresh(iat, nowSeconds);
  return {
    jkt: await calculateJwkThumbprint(jwk),
    jti,
    nonce: payload['nonce'],
    untilSeconds: iat + PAST_SECONDS,
  };
}

/** The refusal of a proof, or of a request that lacks one. */
export function invalidProof(problem: string): OAuthError {
  return new OAuthError('invalid_dpop_proof', `DPoP: ${problem}`);
}

async function signedByItsKey(proof: string, nowSeconds: number): Promise<{ payload: JWTPayload; jwk: JWK }> {
  const { payload, protectedHeader } = await verified(proof, nowSeconds);
  // That there is one is a condition of the signature.
  const { jwk = {} } = protectedHeader;
  const secret = PRIVATE_MEMBERS.find((member) => Object.hasOwn(jwk, member));
  if (secret !== undefined) throw invalidProof(`its jwk must be public, and has the member ${secret}`);
  return { payload, jwk };
}

async function verified(proof: string, nowSeconds: number): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...signatureAlgorithms],
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      // For exp and nbf, which a proof may have.
      currentDate: new Date(nowSeconds * 1000),
      clockTolerance: FUTURE_SECONDS,
    });
  } catch (error) {
    throw invalidProof(jwtProblem(error));
  }
}

function assertTarget(htu: unknown, uri: string): void {
  if (typeof htu === 'string' && targetUri(htu) === targetUri(uri)) return;
  throw invalidProof(`its htu is '${htu}', and the request went to ${uri}`);
}

function assertFresh(iat: number, nowSeconds: number): void {
  const ageSeconds = nowSeconds - iat;
  if (ageSeconds > PAST_SECONDS) {
    throw invalidProof(`its iat is ${ageSeconds} seconds ago by the clock of this issuer, and may be ${PAST_SECONDS}`);
  }
  if (ageSeconds < -FUTURE_SECONDS) {
    throw invalidProof(
      `its iat is in ${-ageSeconds} seconds by the clock of this issuer, and may be in ${FUTURE_SECONDS}`,
    );
  }
}
