import type { Requirement } from './requirement.js';

const spec = 'RFC 7662';

/**
 * Introspection by a resource server: RFC 7662, with RFC 6749 and RFC 10070 on its authentication.
 */
export const rfc7662: readonly Requirement[] = [
  {
    id: 'RS-7662-2.1-a',
    spec,
    section: '2.1',
    level: 'MUST',
    sentence: 'A token is sent as a form by POST, and never in the URL',
  },
  {
    id: 'RS-7662-2.1-b',
    spec,
    section: '2.1',
    level: 'MAY',
    sentence: 'token_type_hint is access_token, and an endpoint may ignore it',
  },
  {
    id: 'RS-7662-2.1-c',
    spec,
    section: '2.1',
    level: 'MUST',
    sentence: 'The resource server authenticates by secret, signed assertion or certificate',
  },
  {
    id: 'RS-7662-2.1-d',
    spec: 'RFC 6749',
    section: '2.3.1',
    level: 'MUST',
    sentence: 'Identifier and secret are form-encoded before base64',
  },
  { id: 'RS-7662-2.2-a', spec, section: '2.2', level: 'MUST', sentence: 'Only active: true accepts a token' },
  {
    id: 'RS-7662-2.2-b',
    spec,
    section: '2.2',
    level: 'MUST',
    sentence: 'With active: false no other member counts',
  },
  {
    id: 'RS-7662-2.2-c',
    spec,
    section: '2.2',
    level: 'POLICY',
    sentence: 'exp, nbf, aud, iss, scope, cnf and token_type of an active token are validated here',
  },
  { id: 'RS-7662-2.2-d', spec, section: '2.2', level: 'MUST', sentence: 'An answer without scope grants no scope' },
  {
    id: 'RS-7662-2.2-e',
    spec,
    section: '2.2',
    level: 'POLICY',
    sentence: 'A refresh token that the issuer calls active is not accepted',
  },
  {
    id: 'RS-7662-2.2-f',
    spec,
    section: '2.2',
    level: 'MAY',
    sentence: 'Unknown members reach the handler unchanged',
  },
  {
    id: 'RS-7662-2.3-a',
    spec,
    section: '2.3',
    level: 'MUST',
    sentence: 'An endpoint that refuses our own credentials gives 503 to the client, never 401 or 200',
  },
  {
    id: 'RS-7662-2.3-b',
    spec,
    section: '2.3',
    level: 'POLICY',
    sentence: 'An endpoint without a usable answer gives 503 with Retry-After',
  },
  {
    id: 'RS-7662-4-a',
    spec,
    section: '4',
    level: 'MUST NOT',
    sentence: 'No answer is cached beyond the exp of its token',
  },
  {
    id: 'RS-7662-4-b',
    spec,
    section: '4',
    level: 'SHOULD',
    sentence: 'Answers are cached for the configured time, or not at all',
  },
  {
    id: 'RS-7662-4-c',
    spec,
    section: '4',
    level: 'POLICY',
    sentence: 'An answer is cached by token, endpoint and client, and used for no others',
  },
  {
    id: 'RS-7662-4-d',
    spec,
    section: '4',
    level: 'POLICY',
    sentence: 'The cache is bounded, and concurrent calls for one token are coalesced',
  },
  {
    id: 'RS-7662-4-e',
    spec,
    section: '4',
    level: 'MUST',
    sentence: 'The certificate of the endpoint is verified',
  },
  {
    id: 'RS-7662-4-f',
    spec,
    section: '4',
    level: 'POLICY',
    sentence: 'No token that is malformed, too long or a JWT of an unknown issuer is introspected',
  },
  {
    id: 'RS-10070-4-a',
    spec: 'RFC 10070',
    section: '4',
    level: 'MUST',
    sentence: 'The only audience of our assertion is the issuer identifier',
  },
];
