import type { Requirement } from './requirement.js';

/** What the mock issuer owes to resource servers and to those who test them: what it tells of tokens, its keys, and what it gets wrong when asked to. */
export const mockIssuer: readonly Requirement[] = [
  told('IN-1', 'RFC 7662', '2.1', 'MUST', 'Nobody is told of a token who has not shown who it is'),
  told(
    'IN-2',
    'RFC 7662',
    '2.2',
    'MUST',
    'Of a token that is unknown, over, revoked or for others, inactive is all that is told',
  ),
  told('IN-3', 'RFC 7662', '2.2', 'MUST', 'Of an active token all claims are told, and its type'),
  told('IN-4', 'RFC 9449', '6.2', 'MUST', 'Introspection tells the key of a bound token, and DPoP as its type'),
  told(
    'IN-5',
    'RFC 7662',
    '4',
    'MUST',
    'Time, revocation, issuer and status list are looked at before a token is active',
  ),
  told('IN-6', 'RFC 9701', '5', 'MUST', 'Who accepts a JWT gets one from us, to itself, with the answer as one member'),
  told('IN-7', 'RFC 9701', '5', 'SHOULD', 'A resource server is told of the scopes it knows and of no others'),
  told('IN-8', 'RFC 9701', '3', 'MUST', 'The credentials of a resource server are good for no grant'),
  told(
    'JW-1',
    'RFC 7517',
    '4',
    'MUST',
    'Published keys are public, and each has its own kid, its use and its algorithm',
  ),
  {
    ...told(
      'JW-2',
      'OpenID Connect Core',
      '10.1.1',
      'SHOULD',
      'Keys are rotated and withdrawn, and the JWKS has the cache header that was asked for',
    ),
    lacking:
      'a key that is published before it signs: rotate() does both at once, so that verifiers that refetch are put to the test',
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
    ...told('MD-5', 'RFC 8705', '5', 'MAY', 'Endpoints for clients with certificates have addresses of their own'),
    excluded: 'every endpoint asks for certificates and refuses none, so that a second port would differ in nothing',
  },
  {
    ...told('UI-1', 'OpenID Connect Core', '5.3', 'MAY', 'There is userinfo, as a protected resource to try tokens on'),
    excluded: 'it is no OpenID provider, and the examples have APIs that our adapters guard',
  },
  {
    ...told(
      'LO-1',
      'Shared Signals',
      'CAEP',
      'POLICY',
      'Security events are sent to who wants to know of a session that ended',
    ),
    excluded: 'nothing here receives them; what ended is told by introspection and by the status list',
  },
  {
    ...told(
      'F-1',
      'RFC 8725',
      '3.8',
      'POLICY',
      'Tokens by keys that are unknown, retired or of others, with a kid that is wrong or missing',
    ),
    lacking: 'two keys under one kid in the JWKS',
  },
  told('F-2', 'RFC 7519', '4', 'POLICY', 'Any claim and header can be another one, ill-typed, missing or doubled'),
  {
    ...told('F-3', 'RFC 7518', '3', 'POLICY', 'Tokens with alg none, and with our public key as the secret of an HMAC'),
    lacking: 'signatures in DER and PSS salts of another length: whoever needs one signs it with keys.current()',
  },
  told('F-4', 'RFC 8414', '3', 'POLICY', 'JWKS and metadata fail, hang, lie, are too long, and lead elsewhere'),
  told(
    'F-5',
    'RFC 7662',
    '2.2',
    'POLICY',
    'Introspection gives answers of the wrong type, unsigned, of others, late, or none',
  ),
  told(
    'F-6',
    'RFC 7519',
    '4.1',
    'POLICY',
    'The clock can be moved to any second of a token’s life, and tokens dated against it',
  ),
  {
    ...told(
      'F-7',
      'RFC 8725',
      '3.12',
      'POLICY',
      'Other JWTs under the same key: ID tokens, logout tokens, and others by their typ',
    ),
    lacking: 'security events, JARM and transaction tokens as they are in all their claims',
  },
  told('F-8', 'RFC 7800', '3.1', 'POLICY', 'A token is bound to any key, and cnf can be anything that JSON can say'),
  told(
    'F-9',
    'Token Status List',
    '11',
    'POLICY',
    'Status lists of another subject, expired, unreadable or enormous, and places beyond their end',
  ),
  {
    ...told('F-10', 'RFC 8417', '2', 'POLICY', 'Security events that are of the wrong type, replayed or out of order'),
    excluded: 'nothing here sends any',
  },
];

function told(id: string, spec: string, section: string, level: Requirement['level'], sentence: string): Requirement {
  return { id: `IS-${id}`, spec, section, level, sentence };
}
