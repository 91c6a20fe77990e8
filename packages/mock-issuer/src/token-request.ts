import { algorithmRule, type SignatureAlgorithm } from './algorithms.js';
import { isFilled, isObject, judge, type Rule } from './judge.js';
import { statusRule, type TokenStatus } from './token-status.js';

/** What an access token looks like: a JWT of RFC 9068, or random characters that only introspection can tell the meaning of. */
export type AccessTokenFormat = 'jwt' | 'opaque';

/** What a token shall say. Every member may be left out. */
export interface TokenRequest {
  /** Granted scope, as one space-separated string or as words (RFC 6749 section 3.3). Default: none, and then the claim is left out. */
  readonly scope?: string | readonly string[];
  /** The `aud` claim, a string or an array as given. Default: the issuer's `audience` option. */
  readonly audience?: string | readonly string[];
  /** The `sub` claim. Default `'user-1'`. */
  readonly subject?: string;
  /** The `client_id` claim. Default `'client-1'`. */
  readonly clientId?: string;
  /** Seconds from `iat` to `exp`, finite; negative makes a token that is over. Default 300. */
  readonly expiresInSeconds?: number;
  /** A JWT, or opaque: 256 random bits in base64url. Default: the issuer's `accessTokenFormat` option. */
  readonly format?: AccessTokenFormat;
  /** Which key signs; of no use to an opaque token. Default: the issuer's `alg` option. */
  readonly alg?: SignatureAlgorithm;
  /**
   * Gives the token a place in the issuer's status list, which says this of it until it is told otherwise, and the claim `status` that points
   * there. Default: no such claim.
   */
  readonly status?: TokenStatus;
  /**
   * What the token is bound to, as the claim `cnf` has it (RFC 7800 section 3.1): `{ jkt: key.thumbprint }` for a key of `issuer.dpop.key()`,
   * `{ 'x5t#S256': certificate.thumbprint }` for a certificate of `issuer.certificate()`. Default: nothing.
   */
  readonly cnf?: Readonly<Record<string, unknown>>;
  /** Laid over the claims above; a member that is `undefined` takes the claim away. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Laid over the JOSE header; a member that is `undefined` takes it away. Does not change which key signs. Of no use to an opaque token. */
  readonly header?: Readonly<Record<string, unknown>>;
}

const isStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((word: unknown) => typeof word === 'string');

const text: Rule = { expected: 'a string', accepts: (value) => typeof value === 'string' };
const members: Rule = { expected: 'an object', accepts: isObject };

/** The rule for what names a format. */
export const formatRule: Rule = {
  expected: 'one of jwt, opaque',
  accepts: (value) => value === 'jwt' || value === 'opaque',
};

const rules: Readonly<Record<keyof TokenRequest, Rule>> = {
  scope: {
    expected: 'a string or an array of strings',
    accepts: (value) => typeof value === 'string' || isStrings(value),
  },
  audience: {
    expected: 'a string or an array of strings, not empty',
    accepts: (value) => isFilled(value) || (Array.isArray(value) && value.length > 0 && value.every(isFilled)),
  },
  subject: text,
  clientId: text,
  expiresInSeconds: { expected: 'a finite number', accepts: Number.isFinite },
  format: formatRule,
  alg: algorithmRule,
  status: statusRule,
  cnf: members,
  claims: members,
  header: members,
};

/** @throws TypeError naming the member that is unknown or ill-typed. */
export function judgeTokenRequest(request: TokenRequest): void {
  judge('token request', request, rules);
}
