import type { Requirement } from './requirement.js';

/** The device authorization grant, RFC 8628, as the mock issuer owes it to devices and their users. */
export const rfc8628: readonly Requirement[] = [
  {
    id: 'IS-DC-1',
    spec: 'RFC 8628',
    section: '3.2',
    level: 'MUST',
    sentence:
      'A form by POST is answered with two codes, where the user goes, their lifetime and the interval, never stored',
  },
  {
    id: 'IS-DC-2',
    spec: 'RFC 8628',
    section: '3.5',
    level: 'MUST',
    sentence:
      'A poll is told to wait, to slow down by five seconds for good, that the user said no, or that the code expired',
  },
  {
    id: 'IS-DC-3',
    spec: 'RFC 8628',
    section: '3.4',
    level: 'MUST',
    sentence: 'A device code is good once, for the client that it was issued to',
  },
  {
    id: 'IS-DC-4',
    spec: 'RFC 8628',
    section: '5.1, 6.1',
    level: 'SHOULD',
    sentence: 'User codes are consonants in either case, with or without a dash, and few wrong ones are looked at',
  },
  {
    id: 'IS-DC-5',
    spec: 'RFC 8628',
    section: '3.3.1',
    level: 'SHOULD',
    sentence: 'The complete address shows the code too, and lets no device in by itself where users are asked',
  },
];
