import { badRequest, noCredentials } from '../expected.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

const malformed = { refused: badRequest('credentials_malformed') };
const good = { subject: 'ada', scope: 'read' };

/** The Authorization header: missing, valid, of another scheme, or malformed. */
export const credentialCases: readonly SuiteCase[] = [
  {
    name: 'a valid token is accepted [RS-6750-2.1-a]',
    request: (world) => withToken(world, 'read'),
    expect: ada('read'),
  },
  {
    name: 'no credentials: 401, challenge without error (D-03) [RS-9110-11.4-b] [RS-6750-3.1-d] [RS-2.1-5.3-a]',
    request: () => ({}),
    expect: { refused: noCredentials() },
  },
  {
    name: 'an empty Authorization header counts as no credentials',
    request: () => withAuthorization(''),
    expect: { refused: noCredentials() },
  },
  ...['Basic YWRhOmw=', 'Negotiate abc', 'ApiKey x', 'DPoP abc', 'BearerAT', 'Basic'].map(
    (value): SuiteCase => ({
      name: `another scheme (${value}) counts as no credentials (D-03) [RS-6750-3.1-e]`,
      request: () => withAuthorization(value),
      expect: { refused: noCredentials() },
    }),
  ),
  ...['bearer', 'BEARER', 'bEaReR'].map(
    (scheme): SuiteCase => ({
      name: `the scheme is case-insensitive (${scheme}) [RS-9110-11.1-a] [RS-2.1-5.1.1-a]`,
      request: async ({ issuer }) => withAuthorization(`${scheme} ${await issuer.token(good)}`),
      expect: ada('read'),
    }),
  ),
  {
    name: 'several spaces between scheme and token are accepted [RS-9110-11.4-a]',
    request: async ({ issuer }) => withAuthorization(`Bearer    ${await issuer.token(good)}`),
    expect: ada('read'),
  },
  {
    name: 'the name of the Authorization header is case-insensitive',
    request: async ({ issuer }) => ({ headers: [['aUTHORIZATION', `Bearer ${await issuer.token(good)}`]] }),
    expect: ada('read'),
  },
  ...[
    'Bearer',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "a"',
    'Bearer a=b',
    'Bearer a%20',
    'Bearer =',
    'Bearer caf\xe9',
    '"a"',
  ].map(
    (value): SuiteCase => ({
      name: `malformed credentials (${value}) are 400 invalid_request (D-05) [RS-6750-3.1-a] [RS-9110-11.2-a]`,
      request: () => withAuthorization(value),
      expect: malformed,
    }),
  ),
  {
    name: 'a tab between scheme and token is 400 (D-05) [RS-9110-11.4-a]',
    request: async ({ issuer }) => withAuthorization(`Bearer\t${await issuer.token(good)}`),
    expect: malformed,
  },
  {
    name: 'two credentials in one Authorization line are 400 (D-05)',
    request: async ({ issuer }) => {
      const token = await issuer.token(good);
      return withAuthorization(`Bearer ${token}, Bearer ${token}`);
    },
    expect: malformed,
  },
  {
    name: 'two Authorization lines are 400, with the same token too (D-04) [RS-9110-5.3-a]',
    repeatsHeaders: true,
    request: async ({ issuer }) => {
      const value = `Bearer ${await issuer.token(good)}`;
      return withAuthorization(value, withAuthorization(value));
    },
    expect: { refused: badRequest('credentials_repeated') },
  },
  {
    name: 'two Authorization lines are 400, with another scheme in one too (D-04)',
    repeatsHeaders: true,
    request: async ({ issuer }) =>
      withAuthorization('Basic abc', withAuthorization(`Bearer ${await issuer.token(good)}`)),
    expect: { refused: badRequest('credentials_repeated') },
  },
  {
    name: 'a token in a cookie counts as no credentials [RS-6750-5.3-a] [RS-2.1-7.1-c]',
    request: async ({ issuer }) => ({ headers: [['Cookie', `access_token=${await issuer.token(good)}`]] }),
    expect: { refused: noCredentials() },
  },
  {
    name: 'a refusal is the same with any Accept header [RS-9457-4-a]',
    request: () => ({ headers: [['Accept', 'text/html, application/xml;q=0.9']] }),
    expect: { refused: noCredentials() },
  },
  {
    name: 'a refused HEAD has every header of the response to GET [RS-9457-4-a]',
    request: () => ({ method: 'HEAD' }),
    expect: { refused: noCredentials() },
  },
];
