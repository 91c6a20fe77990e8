import type { Requirement } from './requirement.js';

/** Authorization server metadata (RFC 8414), as a resource server reads it. */
export const rfc8414: readonly Requirement[] = [
  {
    id: 'RS-8414-2-a',
    spec: 'RFC 8414',
    section: '2',
    level: 'MUST',
    sentence: 'An issuer is an https URL without query and fragment, http for loopback',
  },
  {
    id: 'RS-8414-3-a',
    spec: 'RFC 8414',
    section: '3, 3.1',
    level: 'MUST',
    sentence: 'The well-known part is between host and path',
  },
  {
    id: 'RS-8414-5-a',
    spec: 'RFC 8414',
    section: '5',
    level: 'SHOULD',
    sentence: "OpenID's well-known part is tried as well, behind the path",
  },
  {
    id: 'RS-8414-3.2-a',
    spec: 'RFC 8414',
    section: '3.2',
    level: 'MUST',
    sentence: 'Metadata is a 200 response with a JSON object; any other response is a failure',
  },
  {
    id: 'RS-8414-3.3-a',
    spec: 'RFC 8414',
    section: '3.3',
    level: 'MUST',
    sentence: 'Metadata of another issuer is rejected, and its keys are not fetched',
  },
  {
    id: 'RS-8414-2-b',
    spec: 'RFC 8414',
    section: '2',
    level: 'MUST',
    sentence: 'jwks_uri is https if the issuer is',
  },
  {
    id: 'RS-8414-2-c',
    spec: 'RFC 8414',
    section: '2',
    level: 'MUST',
    sentence: 'Unknown members of metadata are ignored',
  },
  {
    id: 'RS-8414-2.1-a',
    spec: 'RFC 8414',
    section: '2.1',
    level: 'MUST',
    sentence: 'Signed metadata comes before plain metadata',
    excluded: 'not built: a reader without support for signed_metadata ignores it, as an unknown member',
  },
  { id: 'RS-8414-4-a', spec: 'RFC 8414', section: '4', level: 'MUST', sentence: 'Issuers are compared by code point' },
  {
    id: 'RS-8414-6-a',
    spec: 'RFC 8414',
    section: '6.1, 6.2',
    level: 'MUST',
    sentence: 'An untrusted certificate ends the connection',
  },
  {
    id: 'RS-8414-2-d',
    spec: 'RFC 8414',
    section: '2',
    level: 'POLICY',
    sentence: 'A changed jwks_uri is used from the next fetch',
  },
];
