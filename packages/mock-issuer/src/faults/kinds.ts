/**
 * Faults of every endpoint.
 *
 * - `down`: the socket is destroyed without an answer.
 * - `slow`: the right answer comes after `delaySeconds`.
 * - `hang`: no answer comes until the issuer is closed.
 * - `500`: a server error; the number does as well.
 * - `truncated`: half of the length that was promised, then the socket is destroyed.
 * - `huge`: the right answer, padded to more than 1 MiB, without a Content-Length; a JWT is padded with line feeds behind it.
 * - `redirect`: 302 to `location`.
 * - `html`: an HTML page with status 200.
 * - `gzip`: the right answer, compressed whatever the client accepts.
 */
type CommonFault = 'down' | 'slow' | 'hang' | '500' | 'truncated' | 'huge' | 'redirect' | 'html' | 'gzip';

/** Too much to do: 429 and 503, with `retryAfter` where one was given; the numbers do as well. */
type BusyFault = '429' | '503';

/** Faults of the JWKS endpoint; `empty` is a valid set without keys. */
export type JwksFault = CommonFault | 'empty';

/** Faults of the discovery documents, all of their places alike; with `wrongIssuer` they name `https://other.example`. */
export type DiscoveryFault = CommonFault | 'wrongIssuer';

/** Faults of what introspection says of a token, signed or not (RFC 7662 section 2.2). */
type IntrospectionContentFault = 'activeAsString' | 'activeNumber' | 'activeMissing' | 'alwaysActive' | 'refreshToken';

/** Faults of a signed answer (RFC 9701 section 5); those asked for in plain JSON are right. */
type SignedIntrospectionFault =
  | 'plain'
  | 'contentType'
  | 'wrongTyp'
  | 'wrongIssuer'
  | 'wrongAudience'
  | 'badSignature'
  | 'unsignedAlgNone';

/**
 * Faults of the introspection endpoint.
 *
 * - `unauthorized`: 401 `invalid_client`, whoever asks.
 * - `forbidden`: 403 `unauthorized_client`, whoever asks.
 * - `activeAsString`: `active` is `"true"` or `"false"`.
 * - `activeNumber`: `active` is 1 or 0.
 * - `activeMissing`: there is no `active`.
 * - `alwaysActive`: `active` is true for every token: with what is known of it, else with the claims of a good one.
 * - `refreshToken`: an active answer is about a refresh token: `typ` Refresh, `token_use` refresh, no `token_type`.
 * - `plain`: JSON although a JWT was asked for (RFC 9701 section 8.2).
 * - `contentType`: the JWT is sent as `application/jwt`.
 * - `wrongTyp`: the `typ` of the JWT is `JWT`.
 * - `wrongIssuer`: its `iss` is `https://other.example`.
 * - `wrongAudience`: its `aud` is `https://other-api.example`.
 * - `badSignature`: it is signed by a key that is not ours, under our kid.
 * - `unsignedAlgNone`: its `alg` is none, and its signature empty.
 */
export type IntrospectionFault =
  | CommonFault
  | BusyFault
  | 'unauthorized'
  | 'forbidden'
  | IntrospectionContentFault
  | SignedIntrospectionFault;

/**
 * Faults of the status list (draft-ietf-oauth-status-list sections 5.1, 8.3 and 11).
 *
 * - `wrongSubject`: its `sub` is the address of another list.
 * - `expired`: its `exp` is one hour ago.
 * - `badZlib`: its `lst` is no compressed data.
 * - `bomb`: its `lst` inflates to `inflatedBytes` zeros.
 * - `wrongTyp`: the `typ` of the JWT is `JWT`.
 * - `wrongBits`: `bits` is 3.
 * - `otherKey`: it is signed by a key that is not ours, under our kid.
 * - `hmac`: its `alg` is HS256, keyed with the PEM text of our public key.
 */
export type StatusListFault =
  | CommonFault
  | BusyFault
  | 'wrongSubject'
  | 'expired'
  | 'badZlib'
  | 'bomb'
  | 'wrongTyp'
  | 'wrongBits'
  | 'otherKey'
  | 'hmac';

/**
 * Faults of the endpoints for authorization requests, pushed and not, for devices, for tokens, for registration and for revocation; a request
 * that is answered with one has been carried out all the same.
 */
export type GrantFault = CommonFault | BusyFault;

/** Every fault there is. */
export type FaultKind = GrantFault | JwksFault | DiscoveryFault | IntrospectionFault | StatusListFault;

const common: readonly CommonFault[] = ['down', 'slow', 'hang', '500', 'truncated', 'huge', 'redirect', 'html', 'gzip'];

/** The kinds each endpoint knows. */
export const kindsOf: {
  readonly jwks: readonly JwksFault[];
  readonly discovery: readonly DiscoveryFault[];
  readonly authorization: readonly GrantFault[];
  readonly par: readonly GrantFault[];
  readonly deviceAuthorization: readonly GrantFault[];
  readonly token: readonly GrantFault[];
  readonly registration: readonly GrantFault[];
  readonly revocation: readonly GrantFault[];
  readonly introspection: readonly IntrospectionFault[];
  readonly statusList: readonly StatusListFault[];
} = {
  jwks: [...common, 'empty'],
  discovery: [...common, 'wrongIssuer'],
  authorization: [...common, '429', '503'],
  par: [...common, '429', '503'],
  deviceAuthorization: [...common, '429', '503'],
  token: [...common, '429', '503'],
  registration: [...common, '429', '503'],
  revocation: [...common, '429', '503'],
  introspection: [
    ...common,
    '429',
    '503',
    'unauthorized',
    'forbidden',
    'activeAsString',
    'activeNumber',
    'activeMissing',
    'alwaysActive',
    'refreshToken',
    'plain',
    'contentType',
    'wrongTyp',
    'wrongIssuer',
    'wrongAudience',
    'badSignature',
    'unsignedAlgNone',
  ],
  statusList: [
    ...common,
    '429',
    '503',
    'wrongSubject',
    'expired',
    'badZlib',
    'bomb',
    'wrongTyp',
    'wrongBits',
    'otherKey',
    'hmac',
  ],
};

/** An endpoint that can be made to misbehave. */
export type FaultyEndpoint = keyof typeof kindsOf;
