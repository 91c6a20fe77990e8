import type { AccessErrorCode } from '@resource-server/core';
import type { BadTokenName, BadTokens } from '@resource-server/mock-issuer';
import { badToken, type Refused } from '../expected.js';
import { ada, type SuiteCase, withAuthorization } from '../suite-case.js';

/** The error code for each invalid JWT that the mock issuer can make. */
export const badTokenCodes: Readonly<Record<BadTokenName, AccessErrorCode>> = {
  expired: 'token_expired',
  notYetValid: 'token_not_yet_valid',
  issuedInFuture: 'token_not_yet_valid',
  wrongAudience: 'audience_mismatch',
  wrongIssuer: 'issuer_untrusted',
  lookalikeIssuer: 'issuer_untrusted',
  millisecondExpiry: 'claim_malformed',
  infiniteExpiry: 'claim_malformed',
  duplicateClaim: 'token_malformed',
  boundToKey: 'binding_unsupported',
  idToken: 'type_refused',
  logoutToken: 'type_refused',
  wrongType: 'type_refused',
  plainJwt: 'type_refused',
  opaque: 'token_opaque',
  unknownKey: 'key_unknown',
  forgedKid: 'key_unknown',
  foreignSignature: 'signature_invalid',
  hmacWithPublicKey: 'algorithm_refused',
  embeddedKey: 'signature_invalid',
  remoteKey: 'signature_invalid',
  algNone: 'algorithm_refused',
  tampered: 'signature_invalid',
  tamperedSignature: 'signature_invalid',
  strippedSignature: 'signature_invalid',
  duplicateHeader: 'token_malformed',
  criticalExtension: 'token_malformed',
  unencodedPayload: 'token_malformed',
  paddedBase64: 'token_malformed',
  nonCanonicalBase64: 'token_malformed',
  byteOrderMark: 'token_malformed',
  invalidUtf8: 'token_malformed',
  arrayPayload: 'token_malformed',
  deepPayload: 'token_malformed',
  oversized: 'token_too_large',
  fourSegments: 'token_opaque',
};

/**
 * The refusals of those that can be opaque: their fault is in a claim. A token that the issuer
 * itself finds invalid is inactive. The others are JWTs whatever format was requested.
 */
export const opaqueBadTokens = {
  expired: badToken('token_inactive'),
  notYetValid: badToken('token_inactive'),
  wrongIssuer: badToken('token_inactive'),
  lookalikeIssuer: badToken('token_inactive'),
  issuedInFuture: badToken('token_not_yet_valid'),
  wrongAudience: badToken('audience_mismatch'),
  millisecondExpiry: badToken('claim_malformed'),
  boundToKey: badToken('binding_unsupported'),
  opaque: badToken('token_inactive'),
} as const satisfies Partial<Record<BadTokenName, Refused>>;

/** Decisions that a single invalid token tests. */
const decisions: Partial<Record<keyof BadTokens, string>> = {
  oversized: 'D-06, D-27',
  deepPayload: 'D-27',
  algNone: 'D-13',
  hmacWithPublicKey: 'D-13',
  criticalExtension: 'D-13',
  unencodedPayload: 'D-13',
  embeddedKey: 'D-13',
  remoteKey: 'D-13',
  boundToKey: 'D-25',
};

/**
 * Claims that every JWT must contain. The introspection answer about an opaque token must contain
 * only the audience (D-22).
 */
const requiredClaims = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'];

const invalidTokenIds = '[RS-6750-3-g] [RS-6750-3.1-b] [RS-9068-4-i]';

/**
 * One fault in each token, everything else valid: 401 invalid_token, and one text for nearly all.
 */
export const badTokenCases: readonly SuiteCase[] = [
  ...(Object.keys(opaqueBadTokens) as (keyof typeof opaqueBadTokens)[]).map(
    (name): SuiteCase => ({
      name: `an opaque token with the fault ${name} is refused with ${opaqueBadTokens[name].code} (D-22)`,
      onlyFor: 'opaque',
      request: async ({ issuer }) =>
        withAuthorization(`Bearer ${await issuer.bad[name]({ subject: 'ada', scope: 'read write' })}`),
      expect: { refused: opaqueBadTokens[name] },
    }),
  ),
  ...(Object.keys(badTokenCodes) as BadTokenName[]).map(
    (name): SuiteCase => ({
      name: `a JWT with the fault ${name} is refused with ${badTokenCodes[name]} (${decisions[name] ?? 'D-06'}) ${invalidTokenIds}`,
      onlyFor: 'jwt',
      // RS256, since an HMAC can only be confused with a published public key.
      request: async ({ issuer }) =>
        withAuthorization(`Bearer ${await issuer.bad[name]({ subject: 'ada', scope: 'read write', alg: 'RS256' })}`),
      expect: { refused: badToken(badTokenCodes[name]) },
    }),
  ),
  ...requiredClaims.map(
    (claim): SuiteCase => ({
      name: `a JWT without ${claim} is refused (D-06) [RS-9068-2.2-a]`,
      onlyFor: 'jwt',
      request: async ({ issuer }) => withAuthorization(`Bearer ${await issuer.bad.missingClaim(claim)}`),
      expect: { refused: badToken('claim_missing') },
    }),
  ),
  {
    name: 'an opaque token whose introspection names no audience is refused (D-22)',
    onlyFor: 'opaque',
    request: async ({ issuer }) => withAuthorization(`Bearer ${await issuer.bad.missingClaim('aud')}`),
    expect: { refused: badToken('claim_missing') },
  },
  ...['iss', 'exp', 'client_id', 'iat', 'jti'].map(
    (claim): SuiteCase => ({
      name: `an opaque token whose introspection omits ${claim} is accepted (D-22)`,
      onlyFor: 'opaque',
      request: async ({ issuer }) =>
        withAuthorization(`Bearer ${await issuer.bad.missingClaim(claim, { subject: 'ada', scope: 'read' })}`),
      expect: ada('read'),
    }),
  ),
  {
    name: 'an opaque token whose introspection omits sub is accepted without a subject (D-22)',
    onlyFor: 'opaque',
    request: async ({ issuer }) =>
      withAuthorization(`Bearer ${await issuer.bad.missingClaim('sub', { scope: 'read' })}`),
    expect: { seen: { subject: null, scopes: ['read'] } },
  },
  {
    name: 'a token with a number as jti is refused (D-06) [RS-7519-4.1.7-a]',
    request: async ({ issuer }) => withAuthorization(`Bearer ${await issuer.bad.mistypedClaim('jti', 7)}`),
    expect: { refused: badToken('claim_malformed') },
  },
  ...['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti', 'scope', 'nbf'].map(
    (claim): SuiteCase => ({
      name: `a token whose ${claim} has the wrong type is refused (D-06) [RS-9068-2.2-b]`,
      request: async ({ issuer }) => withAuthorization(`Bearer ${await issuer.bad.mistypedClaim(claim, { a: 1 })}`),
      expect: {
        jwt: { refused: badToken('claim_malformed') },
        // The mock issuer finds no issuer for such a token, so it answers inactive.
        opaque: { refused: badToken(claim === 'iss' ? 'token_inactive' : 'claim_malformed') },
      },
    }),
  ),
  ...['.', '..', 'a.b', '.a.b', 'a.b.', 'eyJhbGciOiJub25lIn0.e30.', 'not-a-token'].map(
    (token): SuiteCase => ({
      name: `a value that is not a token (${token}) is invalid_token (D-06) [RS-9110-11.4-b] [RS-7515-7.1-a]`,
      request: () => withAuthorization(`Bearer ${token}`),
      expect:
        token.split('.').length === 3
          ? { refused: badToken(shapeCode(token)) }
          : { jwt: { refused: badToken('token_opaque') }, opaque: { refused: badToken('token_inactive') } },
    }),
  ),
];

/** A payload without iss is refused before the algorithm is checked. */
function shapeCode(token: string): AccessErrorCode {
  return token.includes('e30') ? 'claim_missing' : 'token_malformed';
}
