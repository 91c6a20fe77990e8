import type { Requirement } from './requirement.js';

const requirement = (id: string, section: string, level: Requirement['level'], sentence: string): Requirement => ({
  id,
  spec: 'RFC 8693',
  section,
  level,
  sentence,
});

/** Token exchange, RFC 8693, as the mock issuer owes it to those who act for others. */
export const rfc8693: readonly Requirement[] = [
  requirement('IS-TX-1', '2.2.1', 'MUST', 'The answer has the token, its type, and issued_token_type'),
  requirement('IS-TX-2', '2.1', 'POLICY', 'Only clients that can show who they are exchange tokens'),
  requirement('IS-TX-3', '2.2.1', 'POLICY', 'There is no refresh token'),
  requirement(
    'IS-TX-4',
    '2.2.2',
    'MUST',
    'A request that is incomplete, of unknown types or with a token that is not active is invalid_request',
  ),
  requirement('IS-TX-5', '4.1', 'MUST', 'act names who acts now, and within it those who acted before'),
  requirement('IS-TX-6', '4.4', 'MAY', 'Where the subject token names by may_act who may act nobody else does'),
  requirement('IS-TX-7', '2.2.2', 'SHOULD', 'A resource or audience that no token is for here is invalid_target'),
  requirement('IS-TX-8', '2.1', 'POLICY', 'The new token can do no more than the subject token, and lives no longer'),
  requirement(
    'IS-TX-9',
    '2.1',
    'POLICY',
    'The new token outlives a subject token that is revoked alone, and not the grant that both belong to',
  ),
  requirement(
    'IS-TX-10',
    '2.2.2',
    'POLICY',
    'A bound token is exchanged only for a bound one, by who proves its key or is named by may_act and proves another',
  ),
];
