import type { Requirement } from './requirement.js';

/** Best current practices for OAuth (RFC 9700), the part of a resource server. */
export const rfc9700: readonly Requirement[] = [
  {
    id: 'RS-9700-2.2.1-a',
    spec: 'RFC 9700',
    section: '2.2.1',
    level: 'SHOULD',
    sentence: 'Sender-constrained tokens are supported',
    excluded: 'not built yet: DPoP and mTLS; until then a bound token is refused',
  },
  {
    id: 'RS-9700-2.3-a',
    spec: 'RFC 9700',
    section: '2.3',
    level: 'MUST',
    sentence: 'Every request is checked for a token for this API',
  },
  {
    id: 'RS-9700-2.3-b',
    spec: 'RFC 9700',
    section: '2.3',
    level: 'MUST',
    sentence: 'Every request is checked for a token for its action',
  },
  {
    id: 'RS-9700-4.3.2-a',
    spec: 'RFC 9700',
    section: '4.3.2',
    level: 'MUST NOT',
    sentence: 'No token is taken from a query',
  },
  {
    id: 'RS-9700-4.9.2-a',
    spec: 'RFC 9700',
    section: '4.9',
    level: 'MUST',
    sentence: 'No token is stored or logged in plain text',
  },
  {
    id: 'RS-9700-4.9.1-a',
    spec: 'RFC 9700',
    section: '4.9.1',
    level: 'SHOULD',
    sentence: 'The audience is the real URL of the API',
    excluded: 'advice to the operator who chooses the audience; no test here could observe it',
  },
  {
    id: 'RS-9700-4.10.2-a',
    spec: 'RFC 9700',
    section: '4.10.2',
    level: 'SHOULD',
    sentence: 'The audience must be configured, and is enforced',
  },
  {
    id: 'RS-9700-4.13-a',
    spec: 'RFC 9700',
    section: '4.13',
    level: 'MUST',
    sentence: 'No header that a proxy may have set is trusted',
  },
  {
    id: 'RS-9700-4.15-a',
    spec: 'RFC 9700',
    section: '4.15',
    level: 'MUST',
    sentence: 'Subject and client are separate, and a policy can distinguish a client from a user',
  },
  { id: 'RS-9700-4.12-a', spec: 'RFC 9700', section: '4.12', level: 'SHOULD', sentence: 'No request is redirected' },
];
