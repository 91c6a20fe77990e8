import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { badRequest, badToken, forbidden, noCredentials, type Refused } from '../suite/expected.js';
import type { Running, WireRequest } from '../suite/harness.js';
import { expectRefusal, frameworks, portOf, sendOctets } from './support/applications.js';
import { type Fixture, openFixture } from './support/servers.js';
import { expectNoTrace } from './support/verdicts.js';

/*
 * Attack: requests that two servers read differently. Anything but exactly one valid credential, in
 * the one permitted header, is refused.
 */

let fixture: Fixture;
let good: string;
let expired: string;

beforeAll(async () => {
  fixture = await openFixture();
  expired = await fixture.issuer.bad.expired();
});

beforeEach(() => {
  good = fixture.forge.token();
});

afterAll(() => fixture.close());

type Line = readonly [name: string, value: string];

const malformed = badRequest('credentials_malformed');
const repeated = badRequest('credentials_repeated');

/** Values of one Authorization line that are not one bearer credential. */
const values: readonly (readonly [name: string, value: (token: string) => string, refused: Refused])[] = [
  ['two credentials in a comma list', (token) => `Bearer ${token}, Bearer ${token}`, malformed],
  ['two tokens in a comma list', (token) => `Bearer ${token},${token}`, malformed],
  ['a comma behind the token', (token) => `Bearer ${token},`, malformed],
  ['a comma in front of the token', (token) => `Bearer ,${token}`, malformed],
  ['a comma in front of the scheme', (token) => `, Bearer ${token}`, malformed],
  ['another scheme first in a comma list', (token) => `Basic YTpi, Bearer ${token}`, noCredentials()],
  ['two tokens', (token) => `Bearer ${token} ${token}`, malformed],
  ['the scheme twice', (token) => `Bearer Bearer ${token}`, malformed],
  ['a semicolon and more', (token) => `Bearer ${token};q=1`, malformed],
  ['a parameter behind the token', (token) => `Bearer ${token} realm="x"`, malformed],
  ['parameters instead of a token', (token) => `Bearer token="${token}"`, malformed],
  ['quotes around the token', (token) => `Bearer "${token}"`, malformed],
  ['angle brackets around the token', (token) => `Bearer <${token}>`, malformed],
  ['an equals sign behind the scheme', (token) => `Bearer=${token}`, malformed],
  ['a colon behind the scheme', (token) => `Bearer: ${token}`, malformed],
  ['no space behind the scheme', (token) => `Bearer${token}`, noCredentials()],
  ['the token alone', (token) => token, noCredentials()],
  ['another scheme', (token) => `Token ${token}`, noCredentials()],
  ['the scheme of a bound token', (token) => `DPoP ${token}`, noCredentials()],
  ['the name of the header in the value', (token) => `Authorization: Bearer ${token}`, noCredentials()],
  ['a tab behind the scheme', (token) => `Bearer\t${token}`, malformed],
  ['a space and a tab behind the scheme', (token) => `Bearer \t${token}`, malformed],
  ['a tab in the token', (token) => `Bearer ${token.slice(0, 9)}\t${token.slice(9)}`, malformed],
  ['a space of latin-1 behind the scheme', (token) => `Bearer\xa0${token}`, malformed],
  ['a space of latin-1 in front of the token', (token) => `Bearer \xa0${token}`, malformed],
  ['a space of latin-1 behind the token', (token) => `Bearer ${token}\xa0`, malformed],
  ['a space of latin-1 in front of the scheme', (token) => `\xa0Bearer ${token}`, malformed],
  ['a line separator of latin-1', (token) => `Bearer ${token}\x85`, malformed],
  ['an umlaut', (token) => `Bearer ${token}\xe4`, malformed],
  ['octets of UTF-8', (token) => `Bearer ${token}\xe2\x80\x8b`, malformed],
  ['a byte order mark', (token) => `\xef\xbb\xbfBearer ${token}`, malformed],
  ['a percent sign', (token) => `Bearer ${token}%00`, malformed],
  ['an expired token', () => `Bearer ${expired}`, badToken('token_expired')],
  ['an expired token and a valid one', (token) => `Bearer ${expired}.${token}`, badToken('token_opaque')],
  ['the scheme alone', () => 'Bearer', malformed],
  ['nothing', () => '', noCredentials()],
];

/** Header lines that are not one Authorization line with one bearer credential. */
const lineSequences: readonly (readonly [name: string, lines: (value: string) => readonly Line[], refused: Refused])[] =
  [
    [
      'the same twice',
      (value) => [
        ['Authorization', value],
        ['Authorization', value],
      ],
      repeated,
    ],
    [
      'a valid one and an expired one',
      (value) => [
        ['Authorization', value],
        ['Authorization', `Bearer ${expired}`],
      ],
      repeated,
    ],
    [
      'an expired one and a valid one',
      (value) => [
        ['Authorization', `Bearer ${expired}`],
        ['Authorization', value],
      ],
      repeated,
    ],
    [
      'a valid one and one of another scheme',
      (value) => [
        ['Authorization', value],
        ['Authorization', 'Basic YTpi'],
      ],
      repeated,
    ],
    [
      'one of another scheme and a valid one',
      (value) => [
        ['Authorization', 'Basic YTpi'],
        ['Authorization', value],
      ],
      repeated,
    ],
    [
      'a valid one and an empty one',
      (value) => [
        ['Authorization', value],
        ['Authorization', ''],
      ],
      repeated,
    ],
    [
      'an empty one and a valid one',
      (value) => [
        ['Authorization', ''],
        ['Authorization', value],
      ],
      repeated,
    ],
    [
      'two with different case of the name',
      (value) => [
        ['authorization', value],
        ['AUTHORIZATION', value],
      ],
      repeated,
    ],
    [
      'two with other lines between them',
      (value) => [
        ['Authorization', value],
        ['X-A', 'b'],
        ['X-B', 'c'],
        ['Authorization', value],
      ],
      repeated,
    ],
  ];

/** Header fields that carry credentials in other systems. They never count here. */
const foreignNames = [
  'Proxy-Authorization',
  'X-Authorization',
  'X-Forwarded-Authorization',
  'X-Original-Authorization',
  'Authentication',
  'Authorisation',
  'Authorization2',
  'X-Access-Token',
  'X-Auth-Token',
  'X-Auth-Request-Access-Token',
  'X-Forwarded-Access-Token',
  'X-Amzn-Oidc-Accesstoken',
  'X-Ms-Token-Aad-Access-Token',
  'Cf-Access-Jwt-Assertion',
  'X-Goog-Iap-Jwt-Assertion',
  'X-Serverless-Authorization',
  'Access-Token',
  'Access_Token',
  'Bearer',
  'Token',
  'HTTP_AUTHORIZATION',
  'WWW-Authenticate',
  'Sec-WebSocket-Protocol',
];
/** Header fields in which proxies name a user. */
const identityNames = [
  'X-Forwarded-User',
  'X-Forwarded-Email',
  'X-Forwarded-Groups',
  'X-Forwarded-Preferred-Username',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'Forwarded',
  'X-Real-IP',
  'X-Remote-User',
  'Remote-User',
  'X-User',
  'X-Authenticated-User',
  'X-Client-Cert',
  'Client-Cert',
  'X-Forwarded-Client-Cert',
];
const overrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];

describe.each(frameworks)('header smuggling in $name', (framework) => {
  let application: Running;
  let port: number;

  beforeAll(async () => {
    application = await framework.start(fixture.options);
    port = portOf(application);
  });

  afterAll(() => application.close());

  /** Expects exactly this refusal: no handler runs, and the response does not contain the token. */
  async function expectRefused(request: WireRequest, refused: Refused): Promise<void> {
    const handled = application.handled();
    const response = await application.send(request);
    expectRefusal(response, refused);
    expectNoTrace(JSON.stringify(response), good);
    expect(application.handled()).toBe(handled);
  }

  async function expectServed(request: WireRequest): Promise<void> {
    const handled = application.handled();
    expect((await application.send(request)).status).toBe(200);
    expect(application.handled()).toBe(handled + 1);
  }

  /** Statuses of the responses to these octets. The last request closes the connection. */
  async function statusesOf(octets: string): Promise<{ statuses: string[]; handled: number }> {
    const before = application.handled();
    const text = await sendOctets(port, octets);
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status);
    const handled = application.handled() - before;
    if (handled === 0) expectNoTrace(text, good);
    return { statuses, handled };
  }

  const close = 'Host: 127.0.0.1\r\nConnection: close\r\n';
  const refusedByNode = { statuses: ['400'], handled: 0 };

  it.each<readonly [string, (token: string) => Line]>([
    ['one line', (token) => ['Authorization', `Bearer ${token}`]],
    ['a name in capitals', (token) => ['AUTHORIZATION', `Bearer ${token}`]],
    ['a scheme in capitals', (token) => ['Authorization', `BEARER ${token}`]],
    ['several spaces', (token) => ['Authorization', `Bearer   ${token}`]],
    ['whitespace around the value', (token) => ['Authorization', ` \t Bearer ${token}\t `]],
  ])('one valid credential is accepted: %s', async (_name, line) => {
    await expectServed({ headers: [line(good)] });
  });

  it.each(values.filter(([, , refused]) => refused === malformed))(
    'an Authorization line with %s is malformed [RS-9110-11.4-a] [RS-9110-11.2-a]',
    async (_name, value, refused) => {
      await expectRefused({ headers: [['Authorization', value(good)]] }, refused);
      await expectRefused({ target: '/optional', headers: [['Authorization', value(good)]] }, refused);
    },
  );

  it.each(values.filter(([, , refused]) => refused !== malformed))(
    'an Authorization line with %s is refused',
    async (_name, value, refused) => {
      await expectRefused({ headers: [['Authorization', value(good)]] }, refused);
    },
  );

  it.each(lineSequences)(
    'several Authorization lines are refused, and none is selected: %s [RS-9110-5.3-a]',
    async (_name, lines, refused) => {
      await expectRefused({ headers: lines(`Bearer ${good}`) }, refused);
      await expectRefused({ target: '/optional', headers: lines(`Bearer ${good}`) }, refused);
    },
  );

  it('a valid credential among hundreds of other header lines is accepted', async () => {
    const others = 'a:\r\n'.repeat(900);
    const octets = `GET /any HTTP/1.1\r\n${close}${others}Authorization: Bearer ${good}\r\n\r\n`;
    expect(await statusesOf(octets)).toEqual({ statuses: ['200'], handled: 1 });
  });

  it.each([1_000, 1_100, 2_000, 3_000])(
    'a second Authorization line behind %i other lines is not accepted [RS-9110-5.3-a]',
    async (count) => {
      const line = `Authorization: Bearer ${good}\r\n`;
      const others = 'a:\r\n'.repeat(count);
      const { statuses, handled } = await statusesOf(`GET /any HTTP/1.1\r\n${close}${line}${others}${line}\r\n`);
      // Node lists about a thousand lines at most. The lines behind them cannot be checked, so the
      // request must not be accepted.
      expect({ handled, accepted: statuses.includes('200') }).toEqual({ handled: 0, accepted: false });
    },
  );

  it.each(foreignNames)('a token in the header %s counts as no credentials', async (name) => {
    await expectRefused({ headers: [[name, `Bearer ${good}`]] }, noCredentials());
    await expectRefused({ headers: [[name, good]] }, noCredentials());
    await expectRefused(
      {
        headers: [
          [name, `Bearer ${good}`],
          ['Authorization', `Bearer ${expired}`],
        ],
      },
      badToken('token_expired'),
    );
  });

  it('a token in a cookie counts as no credentials in a raw request [RS-6750-5.3-a]', async () => {
    for (const name of ['access_token', 'authorization', 'Authorization', 'token']) {
      await expectRefused({ headers: [['Cookie', `${name}=${good}`]] }, noCredentials());
      await expectRefused({ headers: [['Cookie', `${name}=Bearer%20${good}`]] }, noCredentials());
    }
  });

  it.each(identityNames)('a user named in the header %s is not authenticated', async (name) => {
    for (const value of ['ada-lovelace-1815', 'admin', '127.0.0.1', 'for=127.0.0.1;proto=https', 'https']) {
      await expectRefused({ headers: [[name, value]] }, noCredentials());
    }
    await expectServed({
      headers: [
        [name, 'admin'],
        ['Authorization', `Bearer ${good}`],
      ],
    });
  });

  it('a valid credential is accepted beside tokens in other headers', async () => {
    const headers = foreignNames.map((name): Line => [name, `Bearer ${expired}`]);
    await expectServed({ headers: [...headers.slice(0, 8), ['Authorization', `Bearer ${good}`]] });
  });

  it.each(overrides)('%s changes neither the method nor the required scopes', async (name) => {
    const authorization: Line = ['Authorization', `Bearer ${good}`];
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'get']) {
      await expectRefused({ headers: [[name, method]] }, noCredentials());
      await expectRefused({ method: 'POST', target: '/write', headers: [[name, method]] }, noCredentials());
      await expectRefused(
        { method: 'POST', target: '/write', headers: [[name, method], authorization] },
        forbidden('scope_insufficient', 'read write'),
      );
    }
    await expectRefused({ method: 'POST', target: '/write?_method=GET' }, noCredentials());
    await expectServed({ headers: [[name, 'POST'], authorization] });
  });

  it.each([
    ['a line fold in front of the token', (token: string) => `Authorization: Bearer\r\n ${token}\r\n`],
    ['a line fold with a tab', (token: string) => `Authorization: Bearer\r\n\t${token}\r\n`],
    ['a line fold in front of the value', (token: string) => `Authorization:\r\n Bearer ${token}\r\n`],
    [
      'a line fold in the token',
      (token: string) => `Authorization: Bearer ${token.slice(0, 9)}\r\n ${token.slice(9)}\r\n`,
    ],
    [
      'an Authorization line folded into another header',
      (token: string) => `X-A: b\r\n Authorization: Bearer ${token}\r\n`,
    ],
    ['a line behind a bare line feed', (token: string) => `X-A: b\nAuthorization: Bearer ${token}\r\n`],
    ['a line behind a bare carriage return', (token: string) => `X-A: b\rAuthorization: Bearer ${token}\r\n`],
    ['a line behind a NUL', (token: string) => `X-A: b\0Authorization: Bearer ${token}\r\n`],
    ['a NUL in the token', (token: string) => `Authorization: Bearer ${token.slice(0, 9)}\0${token.slice(9)}\r\n`],
    ['a NUL behind the token', (token: string) => `Authorization: Bearer ${token}\0\r\n`],
    ['a control character behind the token', (token: string) => `Authorization: Bearer ${token}\x01\r\n`],
    ['a DEL behind the token', (token: string) => `Authorization: Bearer ${token}\x7f\r\n`],
    ['a vertical tab behind the scheme', (token: string) => `Authorization: Bearer\x0b${token}\r\n`],
    ['a space behind the name', (token: string) => `Authorization : Bearer ${token}\r\n`],
    ['a tab behind the name', (token: string) => `Authorization\t: Bearer ${token}\r\n`],
    ['a space in front of the name', (token: string) => ` Authorization: Bearer ${token}\r\n`],
    ['a NUL in the name', (token: string) => `Authori\0zation: Bearer ${token}\r\n`],
    ['latin-1 in the name', (token: string) => `Author\xedzation: Bearer ${token}\r\n`],
    ['no colon', (token: string) => `Authorization Bearer ${token}\r\n`],
    ['no name', (token: string) => `: Bearer ${token}\r\n`],
  ])('a malformed header line never reaches a handler: %s', async (_name, lines) => {
    expect(await statusesOf(`GET /any HTTP/1.1\r\n${close}${lines(good)}\r\n`)).toEqual(refusedByNode);
    expect(await statusesOf(`GET /optional HTTP/1.1\r\n${close}${lines(good)}\r\n`)).toEqual(refusedByNode);
  });

  const chunked = 'Transfer-Encoding: chunked\r\n';

  it.each(['', 'Trailer: Authorization\r\n', 'Trailer: Authorization\r\nTE: trailers\r\n'])(
    'a credential in a trailer counts as no credentials (announced by %j) [RS-9110-6.5-a]',
    async (announced) => {
      const trailer = `0\r\nAuthorization: Bearer ${good}\r\n\r\n`;
      const head = `POST /write HTTP/1.1\r\n${close}${announced}${chunked}\r\n`;
      expect(await statusesOf(head + trailer)).toEqual({ statuses: ['401'], handled: 0 });
      const get = `GET /any HTTP/1.1\r\n${close}${announced}${chunked}\r\n`;
      expect(await statusesOf(`${get}5\r\nhello\r\n${trailer}`)).toEqual({ statuses: ['401'], handled: 0 });
    },
  );

  it('neither a trailer nor a chunk extension replaces a header [RS-9110-6.5-a]', async () => {
    const bad = `Authorization: Bearer ${expired}\r\n`;
    const trailer = `0\r\nAuthorization: Bearer ${good}\r\n\r\n`;
    const head = `GET /any HTTP/1.1\r\n${close}${bad}${chunked}\r\n`;
    expect(await statusesOf(head + trailer)).toEqual({ statuses: ['401'], handled: 0 });
    const extended = `GET /any HTTP/1.1\r\n${close}${chunked}\r\n0;Authorization="Bearer ${good}"\r\n\r\n`;
    expect(await statusesOf(extended)).toEqual({ statuses: ['401'], handled: 0 });
  });

  it('a request inside the body of another is not executed', async () => {
    const inner = `GET /any HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${good}\r\n\r\n`;
    const outer = `POST /write HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`;
    const last = `GET /any HTTP/1.1\r\n${close}\r\n`;
    const { statuses, handled } = await statusesOf(outer + last);
    expect({ handled, statuses }).toEqual({ handled: 0, statuses: ['401', '401'].slice(0, statuses.length) });
  });

  it.each([
    'Content-Length: 0\r\nTransfer-Encoding: chunked\r\n',
    'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n',
    'Content-Length: 0\r\nContent-Length: 5\r\n',
    'Content-Length: +0\r\n',
    'Content-Length: 0, 5\r\n',
    'Transfer-Encoding: chunked, identity\r\n',
    'Transfer-Encoding : chunked\r\n',
  ])('a request with ambiguous length is refused, with a valid credential too: %j', async (lengths) => {
    const line = `Authorization: Bearer ${good}\r\n`;
    const octets = `POST /write HTTP/1.1\r\n${close}${line}${lengths}\r\n0\r\n\r\n`;
    expect(await statusesOf(octets)).toEqual(refusedByNode);
  });

  it('each request on a connection is authenticated separately, when pipelined too [RS-2.1-5-a]', async () => {
    const request = (lines: string) => `GET /any HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines}\r\n`;
    const line = (token: string) => `Authorization: Bearer ${token}\r\n`;
    const tokens = [line(good), line(expired), '', line(good), `Connection: close\r\n${line(expired)}`];
    const { statuses, handled } = await statusesOf(tokens.map(request).join(''));
    expect({ statuses, handled }).toEqual({ statuses: ['200', '401', '401', '200', '401'], handled: 2 });
  });

  it('a token above the size limit is refused with token_too_large [RS-9110-5.4-a]', async () => {
    const { length } = good;
    const longer = (octets: number) => `Bearer ${good}${'A'.repeat(octets - length)}`;
    await expectRefused({ headers: [['Authorization', longer(8192)]] }, badToken('token_malformed'));
    await expectRefused({ headers: [['Authorization', longer(8193)]] }, badToken('token_too_large'));
    await expectRefused({ headers: [['Authorization', longer(15_000)]] }, badToken('token_too_large'));
    await expectRefused(
      { headers: [['Authorization', `Bearer ${' '.repeat(9000)}${'.'.repeat(6000)}`]] },
      badToken('token_opaque'),
    );
    const spaces: WireRequest = { headers: [['Authorization', `Bearer${' '.repeat(12_000)}${good}`]] };
    await expectServed(spaces);
  });

  it.each([20_000, 1 << 20])('a value of %i octets is refused by Node itself [RS-9110-5.4-a]', async (octets) => {
    const line = `Authorization: Bearer ${'A'.repeat(octets)}\r\n`;
    const { statuses, handled } = await statusesOf(`GET /any HTTP/1.1\r\n${close}${line}\r\n`);
    expect(handled).toBe(0);
    // If the connection is reset before all octets are written, the response may be missing.
    expect(statuses.filter((status) => status !== '431')).toEqual([]);
  });

  it.each(['authorization', 'Authorization', 'token', 'bearer_token'])(
    'a token in the query parameter %s counts as no credentials',
    async (name) => {
      await expectRefused({ target: `/any?${name}=Bearer%20${good}` }, noCredentials());
      await expectRefused({ target: `/any?${name}=${good}` }, noCredentials());
    },
  );

  it.each(['access_token', 'access%5Ftoken', '%61ccess_token', 'x=1&access_token', 'access_token=&access_token'])(
    'a token in the query refuses the request, beside a valid header too: %s',
    async (name) => {
      const elsewhere = badRequest('token_elsewhere');
      await expectRefused({ target: `/any?${name}=${good}` }, elsewhere);
      await expectRefused(
        { target: `/any?${name}=${good}`, headers: [['Authorization', `Bearer ${good}`]] },
        elsewhere,
      );
    },
  );

  it('credentials in the authority of an absolute request target are refused', async () => {
    const octets = `GET http://ada:${good}@127.0.0.1/any HTTP/1.1\r\n${close}\r\n`;
    const { statuses, handled } = await statusesOf(octets);
    expect({ handled, accepted: statuses.includes('200') }).toEqual({ handled: 0, accepted: false });
  });
});
