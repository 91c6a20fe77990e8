import type { StandardSchema } from '@resource-server/core';
import { badToken, internalError, unavailable } from '../expected.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

const unreachable = {
  jwt: { refused: unavailable('keys_unavailable') },
  opaque: { refused: unavailable('introspection_unavailable') },
};

/**
 * Dependencies that can fail: issuers that are unreachable, schemas that refuse claims or throw.
 */
export const dependencyCases: readonly SuiteCase[] = [
  {
    name: 'an unreachable issuer is 503 with Retry-After, never 401 (D-08, D-22) [RS-OIDC-10.1.1-d]',
    request: ({ tokenOfAbsentIssuer }) => withAuthorization(`Bearer ${tokenOfAbsentIssuer}`),
    expect: unreachable,
  },
  {
    name: 'with optional credentials an outage is 503, not an anonymous request (D-08)',
    request: ({ tokenOfAbsentIssuer }) => withAuthorization(`Bearer ${tokenOfAbsentIssuer}`, { target: '/optional' }),
    expect: unreachable,
  },
  {
    name: 'an unreachable issuer does not affect the tokens of other issuers',
    request: (world) => withToken(world, 'read'),
    expect: ada('read'),
  },
  {
    name: 'a claims schema that accepts the claims accepts the token',
    options: { claims: schema((value) => ({ value })) },
    request: (world) => withToken(world, 'read'),
    expect: ada('read'),
  },
  {
    name: 'a claims schema with issues refuses the token, and the client does not see the issues',
    options: { claims: schema(() => ({ issues: [{ message: 'ada is not welcome' }] })) },
    request: (world) => withToken(world, 'read'),
    expect: { refused: badToken('claims_refused') },
  },
  {
    name: 'a claims schema that throws is 500 with a generic text (D-09)',
    options: {
      claims: schema(() => {
        throw new Error('a schema that fails');
      }),
    },
    request: (world) => withToken(world, 'read'),
    expect: { refused: internalError('callback_failed') },
  },
];

type Validate = StandardSchema<never>['~standard']['validate'];

function schema(validate: (value: never) => unknown): StandardSchema<never> {
  return { '~standard': { version: 1, vendor: 'suite', validate: validate as Validate } };
}
