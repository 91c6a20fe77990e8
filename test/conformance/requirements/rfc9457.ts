import type { Requirement } from './requirement.js';

/** Problem details: RFC 9457. */
export const rfc9457: readonly Requirement[] = [
  {
    id: 'RS-9457-3-a',
    spec: 'RFC 9457',
    section: '3',
    level: 'MUST',
    sentence: 'The body of a refusal is a JSON object under application/problem+json',
  },
  {
    id: 'RS-9457-3.1.2-a',
    spec: 'RFC 9457',
    section: '3.1.2',
    level: 'MUST',
    sentence: 'status in the body equals the status of the response',
  },
  {
    id: 'RS-9457-3.1.1-a',
    spec: 'RFC 9457',
    section: '3.1.1',
    level: 'SHOULD',
    sentence: 'type is about:blank, and title the phrase of the status',
  },
  {
    id: 'RS-9457-3.1-a',
    spec: 'RFC 9457',
    section: '3.1',
    level: 'MUST',
    sentence: 'Every member of the body has its type',
  },
  {
    id: 'RS-9457-3.1.4-a',
    spec: 'RFC 9457',
    section: '3.1.4',
    level: 'SHOULD NOT',
    sentence: 'detail is fixed text, without any part of the token or of the expected values',
  },
  {
    id: 'RS-9457-5-a',
    spec: 'RFC 9457',
    section: '5',
    level: 'MUST',
    sentence: 'The body accompanies the challenge, and contains no more details',
  },
  {
    id: 'RS-9457-4-a',
    spec: 'RFC 9457',
    section: '3',
    level: 'SHOULD',
    sentence: 'HEAD has no body, and Accept does not change a refusal',
  },
  {
    id: 'RS-9457-6-a',
    spec: 'RFC 9457',
    section: '6',
    level: 'POLICY',
    sentence: 'An unknown key, an invalid signature and an unknown issuer get the same response',
  },
];
