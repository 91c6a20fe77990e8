import type { Requirement } from './requirement.js';

const requirement = (id: string, section: string, level: Requirement['level'], sentence: string): Requirement => ({
  id,
  spec: 'RFC 8693',
  section,
  level,
  sentence,
});

/** Token exchange (RFC 8693) by the mock issuer. */
export const rfc8693: readonly Requirement[] = [
  requirement('IS-TX-1', '2.2.1', 'MUST', 'The response has the token, its type, and issued_token_type'),
  requirement('IS-TX-2', '2.1', 'POLICY', 'Only authenticated clients exchange tokens'),
  requirement('IS-TX-3', '2.2.1', 'POLICY', 'No refresh token is issued'),
  requirement(
    'IS-TX-4',
    '2.2.2',
    'MUST',
    'An incomplete request, unknown types or an inactive token are invalid_request',
  ),
  requirement('IS-TX-5', '4.1', 'MUST', 'act names the current actor, and nested in it the earlier ones'),
  requirement('IS-TX-6', '4.4', 'MAY', 'If may_act of the subject token names an actor, only that one may act'),
  requirement('IS-TX-7', '2.2.2', 'SHOULD', 'A resource or audience without tokens here is invalid_target'),
  requirement(
    'IS-TX-8',
    '2.1',
    'POLICY',
    'The new token has no more rights and no longer lifetime than the subject token',
  ),
  requirement(
    'IS-TX-9',
    '2.1',
    'POLICY',
    'The new token outlives the revocation of the subject token alone, but not of their common grant',
  ),
  requirement(
    'IS-TX-10',
    '2.2.2',
    'POLICY',
    'A bound token is exchanged for a bound one only, with proof of its key, or by the may_act actor with its own key',
  ),
];
