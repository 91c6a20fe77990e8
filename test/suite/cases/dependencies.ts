import type { StandardSchema } from '@resource-server/core';
import { badToken, ourFault, unavailable } from '../expected.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

const outOfReach = {
  jwt: { refused: unavailable('keys_unavailable') },
  opaque: { refused: unavailable('introspection_unavailable') },
};

/** What is not in our hands: issuers that cannot be reached, schemas that refuse or fail. */
export const dependencyCases: readonly SuiteCase[] = [
  {
    name: '[RS-OIDC-10.1.1-d] D-08, D-22: an issuer out of reach, whose keys or answers are needed, is 503 with Retry-After, never 401',
    request: ({ tokenOfAbsentIssuer }) => withAuthorization(`Bearer ${tokenOfAbsentIssuer}`),
    expect: outOfReach,
  },
  {
    name: 'D-08: with optional credentials, too: an outage turns nobody into an anonymous user',
    request: ({ tokenOfAbsentIssuer }) => withAuthorization(`Bearer ${tokenOfAbsentIssuer}`, { target: '/optional' }),
    expect: outOfReach,
  },
  {
    name: 'one issuer out of reach harms no other',
    request: (world) => withToken(world, 'read'),
    expect: ada('read'),
  },
  {
    name: 'a schema that accepts the claims admits',
    options: { claims: schema((value) => ({ value })) },
    request: (world) => withToken(world, 'read'),
    expect: ada('read'),
  },
  {
    name: 'a schema with issues refuses the token and tells the client nothing',
    options: { claims: schema(() => ({ issues: [{ message: 'ada is not welcome' }] })) },
    request: (world) => withToken(world, 'read'),
    expect: { refused: badToken('claims_refused') },
  },
  {
    name: 'D-09: a schema that throws is 500, generic',
    options: {
      claims: schema(() => {
        throw new Error('a schema that fails');
      }),
    },
    request: (world) => withToken(world, 'read'),
    expect: { refused: ourFault('callback_failed') },
  },
];

type Validate = StandardSchema<never>['~standard']['validate'];

function schema(validate: (value: never) => unknown): StandardSchema<never> {
  return { '~standard': { version: 1, vendor: 'suite', validate: validate as Validate } };
}
