import { badRequest, nobody } from '../expected.js';
import type { WireRequest } from '../harness.js';
import { ada, type SuiteCase, withAuthorization } from '../suite-case.js';
import type { World } from '../world.js';

const elsewhere = { refused: badRequest('token_elsewhere') };
const ignoring = { tokenElsewhere: 'ignore' } as const;

/** Access tokens in URLs and form bodies. */
export const tokenElsewhereCases: readonly SuiteCase[] = [
  ...['access_token=', 'access%5Ftoken=', '%61ccess_token=', 'x=1&access_token=', 'access_token=a&access_token='].map(
    (query): SuiteCase => ({
      name: `[RS-6750-2.3-a] [RS-9700-4.3.2-a] [RS-2.1-7.1-c] D-01: a token in the query (${query}) is 400 and never accepted`,
      request: async (world) => ({ target: `/any?${query}${await goodToken(world)}` }),
      expect: elsewhere,
    }),
  ),
  {
    name: '[RS-6750-2-a] D-01: a token in the query is 400 beside a good header, too',
    request: async (world) =>
      withAuthorization(`Bearer ${await goodToken(world)}`, { target: `/any?access_token=${await goodToken(world)}` }),
    expect: elsewhere,
  },
  ...['access_token2=x', 'xaccess_token=x', 'Access_Token=x', 'token=access_token', 'a=%zz'].map(
    (query): SuiteCase => ({
      name: `D-01: another parameter (${query}) is nobody's business`,
      request: async (world) => withAuthorization(`Bearer ${await goodToken(world)}`, { target: `/any?${query}` }),
      expect: ada('read'),
    }),
  ),
  {
    name: "[RS-2.1-5.1-a] [RS-6750-2.3-a] D-01: with tokenElsewhere 'ignore' a token in the query is as if it were not there",
    options: ignoring,
    request: async (world) => ({ target: `/any?access_token=${await goodToken(world)}` }),
    expect: { refused: nobody() },
  },
  {
    name: "[RS-2.1-5.1-a] [RS-6750-2-a] D-01: with tokenElsewhere 'ignore' the header counts",
    options: ignoring,
    request: async (world) =>
      withAuthorization(`Bearer ${await goodToken(world)}`, { target: '/any?access_token=evil' }),
    expect: ada('read'),
  },
  ...['access%5Ftoken=x', 'access_token=a&access_token=b', 'access_token[]=a'].map(
    (query): SuiteCase => ({
      name: `[RS-2.1-5.1-a] D-01: with tokenElsewhere 'ignore' no spelling of it (${query}) matters`,
      options: ignoring,
      request: async (world) => withAuthorization(`Bearer ${await goodToken(world)}`, { target: `/any?${query}` }),
      expect: ada('read'),
    }),
  ),
  {
    name: '[RS-6750-2.2-a] D-02: a token in a parsed form body is 400',
    needsParsedForm: true,
    request: async (world) => form(`a=1&access_token=${await goodToken(world)}`),
    expect: elsewhere,
  },
  {
    name: '[RS-6750-2-a] D-02: a token in a parsed form body is 400 beside a good header, too',
    needsParsedForm: true,
    request: async (world) => withAuthorization(`Bearer ${await goodToken(world)}`, form('access_token=x')),
    expect: elsewhere,
  },
  {
    name: 'D-02: a parsed form without a token is a form',
    needsParsedForm: true,
    request: async (world) => withAuthorization(`Bearer ${await goodToken(world)}`, form('a=1')),
    expect: ada('read'),
  },
  {
    name: "[RS-6750-2.2-a] D-02: with tokenElsewhere 'ignore' a token in a parsed form body is as if it were not there",
    options: ignoring,
    needsParsedForm: true,
    request: async (world) => form(`access_token=${await goodToken(world)}`),
    expect: { refused: nobody() },
  },
  {
    name: '[RS-6750-2.2-a] [RS-2.1-5.1.2-a] D-02: a token in a form body that nobody parsed is no credential',
    request: async (world) => ({ ...form(`access_token=${await goodToken(world)}`), target: '/write' }),
    expect: { refused: nobody() },
  },
  {
    name: '[RS-6750-2.2-b] [RS-2.1-5.1.2-a] D-02: a token in the body of a GET is no credential',
    request: async (world) => ({
      ...form(`access_token=${await goodToken(world)}`),
      method: 'GET',
      target: '/any',
    }),
    expect: { refused: nobody() },
  },
  {
    name: '[RS-6750-2.2-b] D-02: a part of a multipart body is not looked at',
    request: async (world) => ({
      method: 'POST',
      target: '/form',
      headers: [['Content-Type', 'multipart/form-data; boundary=x']],
      body: `--x\r\nContent-Disposition: form-data; name="access_token"\r\n\r\n${await goodToken(world)}\r\n--x--\r\n`,
    }),
    expect: { refused: nobody() },
  },
  {
    name: '[RS-6750-2.2-b] D-02: a member of a JSON body is not looked at',
    request: async (world) => ({
      method: 'POST',
      target: '/form',
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({ access_token: await goodToken(world) }),
    }),
    expect: { refused: nobody() },
  },
];

function goodToken({ issuer }: World): Promise<string> {
  return issuer.token({ subject: 'ada', scope: 'read' });
}

function form(body: string): WireRequest {
  return { method: 'POST', target: '/form', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body };
}
