import type { Requirement } from './requirement.js';

/**
 * Requirements for clients that are not configured, for the mock issuer: dynamic registration
 * (RFC 7591), and metadata documents at the URL that is their client_id.
 */
export const clientRegistration: readonly Requirement[] = [
  rfc7591('2-a', '2', 'MUST', 'Defaults are set: authorization_code, code and client_secret_basic'),
  rfc7591('2-b', '2', 'MUST', 'Unknown metadata is omitted'),
  rfc7591('2-c', '2.1', 'SHOULD', 'Unsupported or inconsistent methods, grants and response types are refused'),
  rfc7591(
    '2.3-a',
    '2.3',
    'MAY',
    'Software statements are refused: malformed ones as invalid, all others as unapproved',
  ),
  rfc7591('3-a', '3', 'POLICY', 'Registration is disabled by default'),
  rfc7591('3-b', '3', 'MAY', 'If an initial access token is configured, registration requires it'),
  rfc7591('3.1-a', '3.1', 'MUST', 'Metadata in JSON by POST is registered'),
  rfc7591('3.1-b', '3.1', 'MUST', 'Other methods and content types are refused'),
  rfc7591(
    '3.2.1-a',
    '3.2.1',
    'MUST',
    'The response is 201, no-store, with the id, and with the secret and its expiry if there is one',
  ),
  rfc7591('3.2.1-b', '3.2.1', 'MUST', 'The response contains all registered metadata'),
  rfc7591('3.2.1-c', '3.2.1', 'MUST', 'Each registration has its own id and secret'),
  rfc7591('3.2.2-a', '3.2.2', 'MUST', 'An error is 400 with the code of RFC 7591 and a text that names the member'),
  rfc7591(
    '5-a',
    '5',
    'MUST',
    'Redirect URIs are https, http on loopback, or of a private-use scheme, without fragment',
  ),
  {
    ...rfc7591('7592-a', 'RFC 7592', 'MAY', 'Clients read, change and delete their registration'),
    excluded: 'registration management is not built: a test that needs another client registers another',
  },
  document('3-a', '3', 'MUST', 'The URL has a path, and no user, no dot segments and no fragment'),
  document('4-a', '4', 'MUST', 'The client_id of the document equals its URL exactly'),
  document('4.1-a', '4.1', 'MUST NOT', 'The document contains no secret, no method that needs one, and no private key'),
  document('4.2-a', '4.2', 'MUST', 'Redirect URIs are compared exactly, loopback ports included'),
  document('5-a', '5', 'SHOULD', 'The document is fetched from its URL, and its client gets tokens'),
  document('5-b', '5', 'MUST NOT', 'Statuses other than 200 are errors, and redirects are not followed'),
  document('5.2-a', '5.2', 'MUST', 'Valid documents are cached by their headers, within bounds; invalid ones are not'),
  document('6-a', '6', 'MUST', 'The metadata of the issuer announces support for such documents, if it is enabled'),
  document('7.2-a', '7.2', 'MAY', 'A client_id that is already registered is not fetched'),
  document(
    '8.2-a',
    '8.2',
    'MUST',
    'A client with private_key_jwt in its document must use it, with keys of jwks or jwks_uri',
  ),
  document('8.5-a', '8.5', 'SHOULD', 'The user sees the URL'),
  document(
    '8.6-a',
    '8.6',
    'MUST NOT',
    'Documents are fetched only from loopback by an issuer on loopback, and from configured hosts',
  ),
  document('8.7-a', '8.7', 'SHOULD', 'At most 5 KiB are read'),
];

type Level = Requirement['level'];

function rfc7591(id: string, section: string, level: Level, sentence: string): Requirement {
  return { id: `IS-7591-${id}`, spec: 'RFC 7591', section, level, sentence };
}

function document(id: string, section: string, level: Level, sentence: string): Requirement {
  return { id: `IS-CIMD-${id}`, spec: 'client-id-metadata-document', section, level, sentence };
}
