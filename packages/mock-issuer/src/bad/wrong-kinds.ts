import { createHash } from 'node:crypto';
import { algorithmTraits } from '../algorithms.js';
import type { JsonObject } from '../judge.js';
import { type Draft, overlay, signDraft } from '../mint.js';
import { randomId, randomText } from '../random.js';
import type { BadToken, Workshop } from './workshop.js';

/** Tokens of our issuer, rightly signed, that are no access tokens or do not say so (RFC 9068 section 4, RFC 8725 section 3.11). */
export interface WrongKinds {
  /** An ID token: `typ` JWT, with `nonce`, `at_hash`, `auth_time` and `azp` (OpenID Connect Core section 2), and all claims of an access token besides. */
  readonly idToken: BadToken;
  /** A logout token: `typ` logout+jwt, with `events` and `sid` (OpenID Connect Back-Channel Logout section 2.4), and all claims of an access token besides. */
  readonly logoutToken: BadToken;
  /** An access token whose `typ` is dpop+jwt. */
  readonly wrongType: BadToken;
  /** An access token whose `typ` is JWT, as issuers older than RFC 9068 send it: bad for a server that keeps to that profile. */
  readonly plainJwt: BadToken;
  /** 256 random bits in base64url: no JWT at all, and no token that was ever issued. Of the request nothing but its form matters. */
  readonly opaque: BadToken;
}

/** Makes the tokens of {@link WrongKinds}. */
export function wrongKinds({ mint }: Workshop): WrongKinds {
  const { random } = mint.settings;
  const ofKind =
    (typ: string, claimsOf: (draft: Draft) => JsonObject = () => ({})): BadToken =>
    async (request) => {
      const draft = await mint.draft(request);
      return signDraft({
        ...draft,
        header: overlay(draft.header, { typ }),
        claims: overlay(draft.claims, claimsOf(draft)),
      });
    };
  return {
    idToken: ofKind('JWT', (draft) => ({
      nonce: randomText(random, 'nonce'),
      at_hash: halfHash(signDraft(draft), draft),
      auth_time: mint.nowSeconds(),
      azp: draft.claims['client_id'],
    })),
    logoutToken: ofKind('logout+jwt', () => ({
      sid: randomId(random, 'session'),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })),
    wrongType: ofKind('dpop+jwt'),
    plainJwt: ofKind('JWT'),
    opaque: async (request) => {
      mint.claims(request);
      return randomText(random, 'token');
    },
  };
}

/** The left half of an access token's hash (OpenID Connect Core section 3.1.3.6), by the hash that belongs to the signature. */
function halfHash(accessToken: string, { key }: Draft): string {
  const hash = createHash(algorithmTraits[key.alg].hash ?? 'sha512')
    .update(accessToken)
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
