import { badRequest, noCredentials } from '../expected.js';
import type { WireRequest } from '../harness.js';
import { ada, type SuiteCase, withAuthorization } from '../suite-case.js';
import type { World } from '../world.js';

const elsewhere = { refused: badRequest('token_elsewhere') };
const ignoring = { tokenElsewhere: 'ignore' } as const;

/** Access tokens in URLs and form bodies. */
export const tokenElsewhereCases: readonly SuiteCase[] = [
  ...['access_token=', 'access%5Ftoken=', '%61ccess_token=', 'x=1&access_token=', 'access_token=a&access_token='].map(
    (query): SuiteCase => ({
      name: `a token in the query (${query}) is 400, never accepted (D-01) [RS-6750-2.3-a] [RS-9700-4.3.2-a] [RS-2.1-7.1-c]`,
      request: async (world) => ({ target: `/any?${query}${await goodToken(world)}` }),
      expect: elsewhere,
    }),
  ),
  {
    name: 'a token in the query is 400 beside a valid header too (D-01) [RS-6750-2-a]',
    request: async (world) =>
      withAuthorization(`Bearer ${await goodToken(world)}`, { target: `/any?access_token=${await goodToken(world)}` }),
    expect: elsewhere,
  },
  ...['access_token2=x', 'xaccess_token=x', 'Access_Token=x', 'token=access_token', 'a=%zz'].map(
    (query): SuiteCase => ({
      name: `another query parameter (${query}) is ignored (D-01)`,
      request: async (world) => withAuthorization(`Bearer ${await goodToken(world)}`, { target: `/any?${query}` }),
      expect: ada('read'),
    }),
  ),
  {
    name: "tokenElsewhere: 'ignore' ignores a token in the query (D-01) [RS-2.1-5.1-a] [RS-6750-2.3-a]",
    options: ignoring,
    request: async (world) => ({ target: `/any?access_token=${await goodToken(world)}` }),
    expect: { refused: noCredentials() },
  },
  {
    name: "tokenElsewhere: 'ignore' accepts the header beside a token in the query (D-01) [RS-2.1-5.1-a] [RS-6750-2-a]",
    options: ignoring,
    request: async (world) =>
      withAuthorization(`Bearer ${await goodToken(world)}`, { target: '/any?access_token=evil' }),
    expect: ada('read'),
  },
  ...['access%5Ftoken=x', 'access_token=a&access_token=b', 'access_token[]=a'].map(
    (query): SuiteCase => ({
      name: `tokenElsewhere: 'ignore' ignores every spelling (${query}) (D-01) [RS-2.1-5.1-a]`,
      options: ignoring,
      request: async (world) => withAuthorization(`Bearer ${await goodToken(world)}`, { target: `/any?${query}` }),
      expect: ada('read'),
    }),
  ),
  {
    name: 'a token in a parsed form body is 400 (D-02) [RS-6750-2.2-a]',
    needsParsedForm: true,
    request: async (world) => form(`a=1&access_token=${await goodToken(world)}`),
    expect: elsewhere,
  },
  {
    name: 'a token in a parsed form body is 400 beside a valid header too (D-02) [RS-6750-2-a]',
    needsParsedForm: true,
    request: async (world) => withAuthorization(`Bearer ${await goodToken(world)}`, form('access_token=x')),
    expect: elsewhere,
  },
  {
    name: 'a parsed form without a token is accepted (D-02)',
    needsParsedForm: true,
    request: async (world) => withAuthorization(`Bearer ${await goodToken(world)}`, form('a=1')),
    expect: ada('read'),
  },
  {
    name: "tokenElsewhere: 'ignore' ignores a token in a parsed form body (D-02) [RS-6750-2.2-a]",
    options: ignoring,
    needsParsedForm: true,
    request: async (world) => form(`access_token=${await goodToken(world)}`),
    expect: { refused: noCredentials() },
  },
  {
    name: 'a token in an unparsed form body counts as no credentials (D-02) [RS-6750-2.2-a] [RS-2.1-5.1.2-a]',
    request: async (world) => ({ ...form(`access_token=${await goodToken(world)}`), target: '/write' }),
    expect: { refused: noCredentials() },
  },
  {
    name: 'a token in the body of a GET counts as no credentials (D-02) [RS-6750-2.2-b] [RS-2.1-5.1.2-a]',
    request: async (world) => ({
      ...form(`access_token=${await goodToken(world)}`),
      method: 'GET',
      target: '/any',
    }),
    expect: { refused: noCredentials() },
  },
  {
    name: 'a token in a multipart body counts as no credentials (D-02) [RS-6750-2.2-b]',
    request: async (world) => ({
      method: 'POST',
      target: '/form',
      headers: [['Content-Type', 'multipart/form-data; boundary=x']],
      body: `--x\r\nContent-Disposition: form-data; name="access_token"\r\n\r\n${await goodToken(world)}\r\n--x--\r\n`,
    }),
    expect: { refused: noCredentials() },
  },
  {
    name: 'a token in a JSON body counts as no credentials (D-02) [RS-6750-2.2-b]',
    request: async (world) => ({
      method: 'POST',
      target: '/form',
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({ access_token: await goodToken(world) }),
    }),
    expect: { refused: noCredentials() },
  },
];

function goodToken({ issuer }: World): Promise<string> {
  return issuer.token({ subject: 'ada', scope: 'read' });
}

function form(body: string): WireRequest {
  return { method: 'POST', target: '/form', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body };
}
