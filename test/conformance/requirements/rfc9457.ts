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
    sentence: 'status in the body is the status of the answer',
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
    sentence: 'detail is fixed text, with nothing of the token or of what was expected',
  },
  {
    id: 'RS-9457-5-a',
    spec: 'RFC 9457',
    section: '5',
    level: 'MUST',
    sentence: 'The body stands beside the challenge, and is as silent as it',
  },
  {
    id: 'RS-9457-4-a',
    spec: 'RFC 9457',
    section: '3',
    level: 'SHOULD',
    sentence: 'HEAD has no body, and Accept changes no refusal',
  },
  {
    id: 'RS-9457-6-a',
    spec: 'RFC 9457',
    section: '6',
    level: 'POLICY',
    sentence: 'An unknown key, a bad signature and a foreign issuer have one answer',
  },
];
