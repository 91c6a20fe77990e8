import type { ClaimChange } from '../issuance.js';
import type { JsonObject } from '../judge.js';
import { signJws, withLeadingMember } from '../jws.js';
import { DEFAULT_LIFETIME_SECONDS, overlay } from '../mint.js';
import { randomText } from '../random.js';
import type { TokenRequest } from '../token-request.js';
import type { BadToken, Workshop } from './workshop.js';

/**
 * Claims that refuse the token (RFC 7519 section 4.1, RFC 9068 section 4, RFC 8725 sections 3.8 to 3.10). All but `infiniteExpiry` and
 * `duplicateClaim` can be opaque as well; introspection knows them, in either format, and judges them as it does good ones.
 */
export interface WrongClaims {
  /** `exp` is one hour ago, `iat` five minutes before it. */
  readonly expired: BadToken;
  /** `nbf` is in one hour, `exp` five minutes after it. */
  readonly notYetValid: BadToken;
  /** `iat` is in one hour, `exp` five minutes after it. */
  readonly issuedInFuture: BadToken;
  /** `aud` is `https://other-api.example`. */
  readonly wrongAudience: BadToken;
  /** `iss` is `https://other.example`; the key is ours. */
  readonly wrongIssuer: BadToken;
  /** `iss` is our identifier with a slash behind it. */
  readonly lookalikeIssuer: BadToken;
  /** `exp` is in milliseconds, some fifty thousand years ahead. */
  readonly millisecondExpiry: BadToken;
  /** `exp` is the JSON number 1e999, which JavaScript reads as Infinity. */
  readonly infiniteExpiry: BadToken;
  /** The payload has two members `aud`: first `https://other-api.example`, then the right one (RFC 7519 section 4). */
  readonly duplicateClaim: BadToken;
  /** `cnf.jkt` binds the token to a DPoP key; as a bearer token it is stolen (RFC 9449 section 6.1). */
  readonly boundToKey: BadToken;
  /** The claim is left out. @throws RangeError when the token would not have had it. */
  readonly missingClaim: (name: string, request?: TokenRequest) => Promise<string>;
  /** The claim has this value instead, of whatever type JSON has. @throws TypeError when JSON cannot say it. */
  readonly mistypedClaim: (name: string, value: unknown, request?: TokenRequest) => Promise<string>;
}

const HOUR_SECONDS = 3600;
const OTHER_API = 'https://other-api.example';

/** Makes the tokens of {@link WrongClaims}. */
export function wrongClaims({ mint, issuance }: Workshop): WrongClaims {
  const changed =
    (change: ClaimChange): BadToken =>
    (request) =>
      issuance.issue(request, { change });
  const aliveFrom = (start: number): JsonObject => ({ iat: start, exp: start + DEFAULT_LIFETIME_SECONDS });
  return {
    expired: changed(() => aliveFrom(mint.nowSeconds() - HOUR_SECONDS - DEFAULT_LIFETIME_SECONDS)),
    notYetValid: changed(() => {
      const nbf = mint.nowSeconds() + HOUR_SECONDS;
      return { nbf, exp: nbf + DEFAULT_LIFETIME_SECONDS };
    }),
    issuedInFuture: changed(() => aliveFrom(mint.nowSeconds() + HOUR_SECONDS)),
    wrongAudience: changed(() => ({ aud: OTHER_API })),
    wrongIssuer: changed(() => ({ iss: 'https://other.example' })),
    lookalikeIssuer: changed(() => ({ iss: `${mint.settings.issuer}/` })),
    millisecondExpiry: changed(() => ({ exp: (mint.nowSeconds() + DEFAULT_LIFETIME_SECONDS) * 1000 })),
    infiniteExpiry: async (request) => {
      const { header, claims, key } = await mint.draft(request);
      return signJws(header, withLeadingMember(overlay(claims, { exp: undefined }), 'exp', '1e999'), key);
    },
    duplicateClaim: async (request) => {
      const { header, claims, key } = await mint.draft(request);
      return signJws(header, withLeadingMember(claims, 'aud', JSON.stringify(OTHER_API)), key);
    },
    boundToKey: changed(() => ({ cnf: { jkt: randomText(mint.settings.random, 'thumbprint') } })),
    missingClaim: (name, request) =>
      issuance.issue(request, {
        change: (claims) => {
          // A token that lacks nothing is a good one, and a test that takes it for a bad one shows nothing.
          if (!Object.hasOwn(claims, name)) throw new RangeError(`bad.missingClaim: the token has no claim '${name}'`);
          return { [name]: undefined };
        },
      }),
    mistypedClaim: async (name, value, request) => {
      if (JSON.stringify(value) === undefined) throw new TypeError('bad.mistypedClaim: JSON has no such value');
      return changed(() => ({ [name]: value }))(request);
    },
  };
}
