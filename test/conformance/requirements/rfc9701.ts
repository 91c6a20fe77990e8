import type { Requirement } from './requirement.js';

const spec = 'RFC 9701';

/** Signed answers of introspection endpoints: RFC 9701. */
export const rfc9701: readonly Requirement[] = [
  {
    id: 'RS-9701-4-a',
    spec,
    section: '4',
    level: 'MUST',
    sentence: 'A signed answer is asked for by its media type',
  },
  { id: 'RS-9701-4-b', spec, section: '4', level: 'MUST', sentence: 'We show who we are with credentials of our own' },
  {
    id: 'RS-9701-5-a',
    spec,
    section: '5',
    level: 'MUST',
    sentence: 'Content-Type and typ both say token-introspection+jwt',
  },
  {
    id: 'RS-9701-5-b',
    spec,
    section: '5',
    level: 'MUST',
    sentence: 'Signature, algorithm, iss, aud and iat of the answer are judged',
  },
  {
    id: 'RS-9701-5-c',
    spec,
    section: '5',
    level: 'MUST',
    sentence: 'What the answer says of the token is read from token_introspection alone',
  },
  {
    id: 'RS-9701-5-d',
    spec,
    section: '5',
    level: 'MUST',
    sentence: 'An answer that is encrypted and not signed is none',
    lacking: 'JWE is not built: answers that are signed and then encrypted are refused too (D-13)',
  },
  {
    id: 'RS-9701-5-e',
    spec,
    section: '8.2',
    level: 'POLICY',
    sentence: 'Where signed answers are asked for, plain JSON is none',
  },
  {
    id: 'RS-9701-8.1-a',
    spec,
    section: '8.1',
    level: 'MUST',
    sentence: 'A signed answer that is sent as an access token is refused, by its typ and by its claims',
  },
  {
    id: 'RS-9701-8.1-b',
    spec,
    section: '8.1',
    level: 'MUST',
    sentence: 'A token for another audience, or bound to a key, is not admitted because the answer was signed',
  },
];
