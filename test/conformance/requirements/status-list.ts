import type { Requirement } from './requirement.js';

const spec = 'Token Status List';

/** Token Status List: draft-ietf-oauth-status-list-21. */
export const statusList: readonly Requirement[] = [
  {
    id: 'RS-TSL-8.3-a',
    spec,
    section: '8.3',
    level: 'MUST',
    sentence: 'No list is fetched for a token that fails another check',
  },
  {
    id: 'RS-TSL-6.2-a',
    spec,
    section: '6.2',
    level: 'MUST',
    sentence: 'idx is an integer from 0 up and uri is a URI; otherwise the token is refused',
  },
  { id: 'RS-TSL-8.1-a', spec, section: '8.1', level: 'MUST', sentence: 'A list is requested by its media type' },
  {
    id: 'RS-TSL-5.1-a',
    spec,
    section: '5.1',
    level: 'MUST',
    sentence: 'A list is a signed JWT with typ statuslist+jwt, sub, iat and status_list',
  },
  {
    id: 'RS-TSL-8.3-b',
    spec,
    section: '8.3',
    level: 'MUST',
    sentence: 'The sub of a list equals the uri in the token exactly',
  },
  { id: 'RS-TSL-8.3-c', spec, section: '8.3', level: 'MUST', sentence: 'A list past its exp is not used' },
  {
    id: 'RS-TSL-8.2-a',
    spec,
    section: '8.2',
    level: 'MUST',
    sentence: 'exp and ttl of a list count, HTTP caching headers do not',
  },
  {
    id: 'RS-TSL-4.1-a',
    spec,
    section: '4.1',
    level: 'MUST',
    sentence: 'Lists are ZLIB, with 1, 2, 4 or 8 bits per status, the first status in the lowest bits',
  },
  {
    id: 'RS-TSL-8.3-d',
    spec,
    section: '8.3',
    level: 'MUST',
    sentence: 'An index beyond the end of the list refuses the token',
  },
  {
    id: 'RS-TSL-7-a',
    spec,
    section: '7.1',
    level: 'MUST',
    sentence: 'Only the status 0 is valid',
  },
  {
    id: 'RS-TSL-8.3-e',
    spec,
    section: '8.3',
    level: 'SHOULD',
    sentence: 'While a list cannot be fetched, its tokens are refused',
  },
  {
    id: 'RS-TSL-11-a',
    spec,
    section: '11',
    level: 'POLICY',
    sentence: 'Lists are fetched only from hosts of the issuer, without redirects, with bounded inflated size',
  },
  {
    id: 'RS-TSL-key-a',
    spec,
    section: '11.3',
    level: 'POLICY',
    sentence: "The key of a list is a key of the token's issuer",
  },
  {
    id: 'RS-TSL-mac-a',
    spec,
    section: '11',
    level: 'SHOULD',
    sentence: 'A list with a MAC as its signature is rejected',
  },
];
