import type { Requirement } from './requirement.js';

/** What the mock issuer owes to clients that it has not been told of: RFC 7591, and documents at the address that is their client_id. */
export const clientRegistration: readonly Requirement[] = [
  rfc7591('2-a', '2', 'MUST', 'Defaults are filled in: authorization_code, code and client_secret_basic'),
  rfc7591('2-b', '2', 'MUST', 'Metadata that is not known is left out'),
  rfc7591(
    '2-c',
    '2.1',
    'SHOULD',
    'Methods, grants and response types that are not here, or do not go together, are refused',
  ),
  rfc7591('2.3-a', '2.3', 'MAY', 'Software statements are refused: what is none as invalid, every other as unapproved'),
  rfc7591('3-a', '3', 'POLICY', 'There is no registration unless it was asked for'),
  rfc7591('3-b', '3', 'MAY', 'With an initial access token only those register who bring it'),
  rfc7591('3.1-a', '3.1', 'MUST', 'Metadata in JSON by POST is registered'),
  rfc7591('3.1-b', '3.1', 'MUST', 'Other methods and content types are refused'),
  rfc7591(
    '3.2.1-a',
    '3.2.1',
    'MUST',
    '201, never stored, with the id, and the secret and its expiry where there is one',
  ),
  rfc7591('3.2.1-b', '3.2.1', 'MUST', 'All registered metadata comes back'),
  rfc7591('3.2.1-c', '3.2.1', 'MUST', 'Each registration has an id and a secret of its own'),
  rfc7591('3.2.2-a', '3.2.2', 'MUST', '400 with the code of RFC 7591 and a text that names the member'),
  rfc7591(
    '5-a',
    '5',
    'MUST',
    'Redirect URIs are https, http on loopback, or of a private-use scheme, without fragment',
  ),
  {
    ...rfc7591('7592-a', 'RFC 7592', 'MAY', 'Clients read, change and delete what they registered'),
    excluded: 'there is no registration management: a test that wants another client registers another',
  },
  document('3-a', '3', 'MUST', 'The address has a path, and no user, no dot segments and no fragment'),
  document('4-a', '4', 'MUST', 'The document has its own address as client_id, to the letter'),
  document('4.1-a', '4.1', 'MUST NOT', 'It has no secret, no method that needs one, and no private key'),
  document('4.2-a', '4.2', 'MUST', 'Redirect URIs count to the letter, ports of loopback too'),
  document('5-a', '5', 'SHOULD', 'It is fetched from the address, and its client gets tokens'),
  document('5-b', '5', 'MUST NOT', 'Other statuses than 200 are errors, and redirects are not followed'),
  document('5.2-a', '5.2', 'MUST', 'Good documents are remembered as their headers say, within bounds; others are not'),
  document('6-a', '6', 'MUST', 'The metadata of the issuer says that such documents are good, where they are'),
  document('7.2-a', '7.2', 'MAY', 'A client_id that was registered before is not fetched'),
  document(
    '8.2-a',
    '8.2',
    'MUST',
    'Who has private_key_jwt in its document must come with it, by keys of jwks or jwks_uri',
  ),
  document('8.5-a', '8.5', 'SHOULD', 'The user sees the address'),
  document(
    '8.6-a',
    '8.6',
    'MUST NOT',
    'Nothing is fetched but from loopback, by an issuer on loopback, and from named hosts',
  ),
  document('8.7-a', '8.7', 'SHOULD', 'No more than 5 KiB are read'),
];

type Level = Requirement['level'];

function rfc7591(id: string, section: string, level: Level, sentence: string): Requirement {
  return { id: `IS-7591-${id}`, spec: 'RFC 7591', section, level, sentence };
}

function document(id: string, section: string, level: Level, sentence: string): Requirement {
  return { id: `IS-CIMD-${id}`, spec: 'client-id-metadata-document', section, level, sentence };
}
