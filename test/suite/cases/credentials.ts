import { badRequest, nobody } from '../expected.js';
import { ada, type SuiteCase, withAuthorization, withToken } from '../suite-case.js';

const malformed = { refused: badRequest('credentials_malformed') };
const good = { subject: 'ada', scope: 'read' };

/** The Authorization header: who has none, who has one, and who has something else. */
export const credentialCases: readonly SuiteCase[] = [
  {
    name: '[RS-6750-2.1-a] a good token is admitted',
    request: (world) => withToken(world, 'read'),
    expect: ada('read'),
  },
  {
    name: '[RS-9110-11.4-b] [RS-6750-3.1-d] [RS-2.1-5.3-a] D-03: no credentials are 401 and a challenge without any error',
    request: () => ({}),
    expect: { refused: nobody() },
  },
  {
    name: 'an empty Authorization line is no credential',
    request: () => withAuthorization(''),
    expect: { refused: nobody() },
  },
  ...['Basic YWRhOmw=', 'Negotiate abc', 'ApiKey x', 'DPoP abc', 'BearerAT', 'Basic'].map(
    (value): SuiteCase => ({
      name: `[RS-6750-3.1-e] D-03: a scheme that is not ours (${value}) is no credential`,
      request: () => withAuthorization(value),
      expect: { refused: nobody() },
    }),
  ),
  ...['bearer', 'BEARER', 'bEaReR'].map(
    (scheme): SuiteCase => ({
      name: `[RS-9110-11.1-a] [RS-2.1-5.1.1-a] the scheme is read in any case (${scheme})`,
      request: async ({ issuer }) => withAuthorization(`${scheme} ${await issuer.token(good)}`),
      expect: ada('read'),
    }),
  ),
  {
    name: '[RS-9110-11.4-a] several spaces may stand between scheme and token',
    request: async ({ issuer }) => withAuthorization(`Bearer    ${await issuer.token(good)}`),
    expect: ada('read'),
  },
  {
    name: 'the name of the header is read in any case',
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
      name: `[RS-6750-3.1-a] [RS-9110-11.2-a] D-05: malformed credentials (${value}) are 400 invalid_request`,
      request: () => withAuthorization(value),
      expect: malformed,
    }),
  ),
  {
    name: '[RS-9110-11.4-a] D-05: a tab does not divide scheme and token',
    request: async ({ issuer }) => withAuthorization(`Bearer\t${await issuer.token(good)}`),
    expect: malformed,
  },
  {
    name: 'D-05: two credentials in one line are malformed',
    request: async ({ issuer }) => {
      const token = await issuer.token(good);
      return withAuthorization(`Bearer ${token}, Bearer ${token}`);
    },
    expect: malformed,
  },
  {
    name: '[RS-9110-5.3-a] D-04: two Authorization lines are 400, the same token twice included',
    repeatsHeaders: true,
    request: async ({ issuer }) => {
      const value = `Bearer ${await issuer.token(good)}`;
      return withAuthorization(value, withAuthorization(value));
    },
    expect: { refused: badRequest('credentials_repeated') },
  },
  {
    name: 'D-04: a foreign scheme in a second line is a second line',
    repeatsHeaders: true,
    request: async ({ issuer }) =>
      withAuthorization('Basic abc', withAuthorization(`Bearer ${await issuer.token(good)}`)),
    expect: { refused: badRequest('credentials_repeated') },
  },
  {
    name: '[RS-6750-5.3-a] [RS-2.1-7.1-c] a token in a cookie is no credential',
    request: async ({ issuer }) => ({ headers: [['Cookie', `access_token=${await issuer.token(good)}`]] }),
    expect: { refused: nobody() },
  },
  {
    name: '[RS-9457-4-a] what a client accepts changes nothing of a refusal',
    request: () => ({ headers: [['Accept', 'text/html, application/xml;q=0.9']] }),
    expect: { refused: nobody() },
  },
  {
    name: '[RS-9457-4-a] a refused HEAD has every header of the answer',
    request: () => ({ method: 'HEAD' }),
    expect: { refused: nobody() },
  },
];
