import type { Requirement } from './requirement.js';

/** Clients in a browser: the Fetch standard and RFC 10017. */
export const cors: readonly Requirement[] = [
  {
    id: 'RS-CORS-1',
    spec: 'CORS',
    section: 'Fetch 3.3',
    level: 'MUST',
    sentence: 'The CORS middleware in front answers a preflight; an OPTIONS request behind it needs a token',
  },
  {
    id: 'RS-CORS-2',
    spec: 'CORS',
    section: 'Fetch 3.3',
    level: 'MUST',
    sentence: 'Authorization is allowed by name',
  },
  {
    id: 'RS-CORS-3',
    spec: 'CORS',
    section: 'Fetch 3.3',
    level: 'MUST',
    sentence: 'A script can read the challenge of refusals and of other responses',
  },
  {
    id: 'RS-CORS-4',
    spec: 'CORS',
    section: 'Fetch 3.3',
    level: 'POLICY',
    sentence: 'Refusals carry the CORS headers too',
  },
  {
    id: 'RS-CORS-5',
    spec: 'CORS',
    section: 'RFC 10017',
    level: 'MUST',
    sentence: 'Cookies are not credentials, and none are requested',
  },
];
