import { signatureAlgorithms } from '../algorithms.js';
import { OAuthError } from '../http/oauth-error.js';
import type { NonceStore } from '../stores/nonce-store.js';
import type { ReplayStore } from '../stores/replay-store.js';
import { checkedProof, invalidProof } from './dpop-proof.js';
import { constraintTo, type TokenBinding } from './token-binding.js';

/** What DPoP stands on. */
export interface DpopParts {
  readonly issuer: string;
  readonly usedProofs: ReplayStore;
  /** `undefined` where proofs need no nonce. */
  readonly nonces: NonceStore | undefined;
  readonly nowSeconds: () => number;
}

/** Tokens are bound to the key of a DPoP proof (RFC 9449 section 5). */
export function dpopBinding({ issuer, usedProofs, nonces, nowSeconds }: DpopParts): TokenBinding {
  return {
    metadata: { dpop_signing_alg_values_supported: signatureAlgorithms },
    constrain: async ({ method, path, headers }) => {
      const header = headers['dpop'];
      if (header === undefined) return undefined;
      const now = nowSeconds();
      const proof = await checkedProof([header].flat().join(), { method, uri: new URL(path, issuer).href }, now);
      if (nonces !== undefined) assertNonce(proof.nonce, nonces, now);
      // Last, so that only who has the key can use a jti up (RFC 9449 section 11.1).
      if (!usedProofs.isFirstUse(`${proof.jkt} ${proof.jti}`, proof.untilSeconds, now)) {
        throw invalidProof('its jti was used before');
      }
      return {
        ...constraintTo({ jkt: proof.jkt }),
        // RFC 9449 section 8.2: so that the client has the next one in time.
        ...(nonces !== undefined && { headers: { 'dpop-nonce': nonces.current(now) } }),
      };
    },
  };
}

/** @throws OAuthError use_dpop_nonce with a nonce to use (RFC 9449 section 8). */
function assertNonce(nonce: unknown, nonces: NonceStore, now: number): void {
  if (nonces.isRecent(nonce, now)) return;
  const problem = nonce === undefined ? 'the proof has no nonce' : 'the nonce of the proof is none of the latest two';
  throw new OAuthError('use_dpop_nonce', `DPoP: ${problem}; the header DPoP-Nonce has one to use`, {
    headers: { 'dpop-nonce': nonces.current(now) },
  });
}
