import type { Requirement } from './requirement.js';

/** The device authorization grant (RFC 8628) of the mock issuer. */
export const rfc8628: readonly Requirement[] = [
  {
    id: 'IS-DC-1',
    spec: 'RFC 8628',
    section: '3.2',
    level: 'MUST',
    sentence: 'A form by POST gets two codes, the URL for the user, their lifetime and the interval, no-store',
  },
  {
    id: 'IS-DC-2',
    spec: 'RFC 8628',
    section: '3.5',
    level: 'MUST',
    sentence: 'A poll gets pending, slow_down (five more seconds permanently), denied or expired',
  },
  {
    id: 'IS-DC-3',
    spec: 'RFC 8628',
    section: '3.4',
    level: 'MUST',
    sentence: 'A device code is valid once, for the client to which it was issued',
  },
  {
    id: 'IS-DC-4',
    spec: 'RFC 8628',
    section: '5.1, 6.1',
    level: 'SHOULD',
    sentence: 'User codes are consonants in either case, with or without a dash, and attempts are limited',
  },
  {
    id: 'IS-DC-5',
    spec: 'RFC 8628',
    section: '3.3.1',
    level: 'SHOULD',
    sentence: 'The complete URL shows the code too, and where users are asked it grants nothing without their consent',
  },
];
