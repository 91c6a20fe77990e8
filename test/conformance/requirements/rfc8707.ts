import type { Requirement } from './requirement.js';

/** Resource indicators (RFC 8707), the part of a resource server. */
export const rfc8707: readonly Requirement[] = [
  {
    id: 'RS-8707-2-a',
    spec: 'RFC 8707',
    section: '2',
    level: 'MUST',
    sentence: 'The resource identifier of the API is an absolute URI',
    excluded: 'not built yet: protected resource metadata with that URI; the option audience is often not a URI',
  },
  {
    id: 'RS-8707-2-b',
    spec: 'RFC 8707',
    section: '2',
    level: 'SHOULD',
    sentence: 'Audiences are a fixed list of exact strings',
  },
  {
    id: 'RS-8707-2-c',
    spec: 'RFC 8707',
    section: '2',
    level: 'POLICY',
    sentence: 'A token for several audiences is accepted if one is this API, and a claims schema can refuse it',
  },
];
