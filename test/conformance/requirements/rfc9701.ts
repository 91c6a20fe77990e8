import type { Requirement } from './requirement.js';

const spec = 'RFC 9701';

/** Signed answers of introspection endpoints: RFC 9701. */
export const rfc9701: readonly Requirement[] = [
  {
    id: 'RS-9701-4-a',
    spec,
    section: '4',
    level: 'MUST',
    sentence: 'A signed answer is requested by its media type',
  },
  {
    id: 'RS-9701-4-b',
    spec,
    section: '4',
    level: 'MUST',
    sentence: 'The resource server authenticates with its own credentials',
  },
  {
    id: 'RS-9701-5-a',
    spec,
    section: '5',
    level: 'MUST',
    sentence: 'Content-Type and typ both are token-introspection+jwt',
  },
  {
    id: 'RS-9701-5-b',
    spec,
    section: '5',
    level: 'MUST',
    sentence: 'Signature, algorithm, iss, aud and iat of the answer are validated',
  },
  {
    id: 'RS-9701-5-c',
    spec,
    section: '5',
    level: 'MUST',
    sentence: 'The token is described by token_introspection alone',
  },
  {
    id: 'RS-9701-5-d',
    spec,
    section: '5',
    level: 'MUST',
    sentence: 'An answer that is encrypted and not signed is rejected',
    lacking: 'JWE is not built: answers that are signed and then encrypted are rejected too (D-13)',
  },
  {
    id: 'RS-9701-5-e',
    spec,
    section: '8.2',
    level: 'POLICY',
    sentence: 'If signed answers are required, plain JSON is rejected',
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
    sentence: 'A signed answer does not make a token valid that is for another audience or bound to a key',
  },
];
