import type { Requirement } from './requirement.js';

/**
 * Requirements of the mock issuer towards resource servers and their tests: introspection, keys and
 * the faults that a test can request.
 */
export const mockIssuer: readonly Requirement[] = [
  told('IN-1', 'RFC 7662', '2.1', 'MUST', 'Introspection requires client authentication'),
  told(
    'IN-2',
    'RFC 7662',
    '2.2',
    'MUST',
    'For a token that is unknown, expired, revoked or for other servers, the answer contains only active: false',
  ),
  told('IN-3', 'RFC 7662', '2.2', 'MUST', 'For an active token, the answer contains all claims and the token type'),
  told('IN-4', 'RFC 9449', '6.2', 'MUST', 'The answer contains the key of a bound token, and DPoP as its type'),
  told(
    'IN-5',
    'RFC 7662',
    '4',
    'MUST',
    'Time, revocation, issuer and status list are checked before a token is active',
  ),
  told(
    'IN-6',
    'RFC 9701',
    '5',
    'MUST',
    'A caller that accepts a JWT gets a signed answer, addressed to it, with the answer as one member',
  ),
  told('IN-7', 'RFC 9701', '5', 'SHOULD', 'A resource server sees only the scopes that belong to it'),
  told('IN-8', 'RFC 9701', '3', 'MUST', 'The credentials of a resource server are accepted for no grant'),
  told('JW-1', 'RFC 7517', '4', 'MUST', 'Published keys are public, and each has its own kid, use and algorithm'),
  {
    ...told(
      'JW-2',
      'OpenID Connect Core',
      '10.1.1',
      'SHOULD',
      'Keys are rotated and withdrawn, and the JWKS has the configured cache header',
    ),
    lacking:
      'a key that is published before it signs: rotate() does both at once, so that the refetch of verifiers is tested',
  },
  told(
    'JW-3',
    'mock issuer',
    'README',
    'POLICY',
    'Keys of every algorithm are served, Ed25519 under its older label too',
  ),
  told(
    'TSL-1',
    'Token Status List',
    '8',
    'POLICY',
    'A status list is served under its type, and a status can be changed',
  ),
  {
    ...told('MD-5', 'RFC 8705', '5', 'MAY', 'Endpoints for clients with certificates have separate URLs'),
    excluded: 'every endpoint requests a certificate and requires none, so that a second port would not differ',
  },
  {
    ...told(
      'UI-1',
      'OpenID Connect Core',
      '5.3',
      'MAY',
      'Userinfo exists, as a protected resource to test tokens with',
    ),
    excluded: 'the mock issuer is not an OpenID provider, and the examples have APIs that our adapters guard',
  },
  {
    ...told('LO-1', 'Shared Signals', 'CAEP', 'POLICY', 'Security events about ended sessions are sent to receivers'),
    excluded: 'no package here receives them; introspection and the status list report ended sessions',
  },
  {
    ...told(
      'F-1',
      'RFC 8725',
      '3.8',
      'POLICY',
      'Tokens with unknown, retired or foreign keys, and with a wrong or missing kid',
    ),
    lacking: 'two keys under one kid in the JWKS',
  },
  told(
    'F-2',
    'RFC 7519',
    '4',
    'POLICY',
    'Any claim and header parameter can be changed, mistyped, missing or duplicated',
  ),
  {
    ...told('F-3', 'RFC 7518', '3', 'POLICY', 'Tokens with alg none, and with the public key as an HMAC secret'),
    lacking: 'signatures in DER and PSS salts of another length: a test can sign these with keys.current()',
  },
  told('F-4', 'RFC 8414', '3', 'POLICY', 'JWKS and metadata can fail, hang, be wrong, be too long, and redirect'),
  told(
    'F-5',
    'RFC 7662',
    '2.2',
    'POLICY',
    'Introspection answers can be mistyped, unsigned, for other tokens, late, or missing',
  ),
  told(
    'F-6',
    'RFC 7519',
    '4.1',
    'POLICY',
    'The clock can be moved to any second of a token’s life, and tokens can be dated relative to it',
  ),
  {
    ...told(
      'F-7',
      'RFC 8725',
      '3.12',
      'POLICY',
      'Other JWTs with the same key: ID tokens, logout tokens, and others by their typ',
    ),
    lacking: 'security events, JARM and transaction tokens with all their claims',
  },
  told('F-8', 'RFC 7800', '3.1', 'POLICY', 'A token can be bound to any key, and cnf can be any JSON value'),
  told(
    'F-9',
    'Token Status List',
    '11',
    'POLICY',
    'Status lists with another subject, expired, unreadable or enormous, and indexes beyond their end',
  ),
  {
    ...told('F-10', 'RFC 8417', '2', 'POLICY', 'Security events of the wrong type, replayed or out of order'),
    excluded: 'no package here sends any',
  },
];

function told(id: string, spec: string, section: string, level: Requirement['level'], sentence: string): Requirement {
  return { id: `IS-${id}`, spec, section, level, sentence };
}
