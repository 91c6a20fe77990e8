import { request } from 'node:http';
import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { basic, introspect, post } from '../caller.js';
import { startIssuer } from '../referee.js';

const NQSCHAR = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

async function send(issuer: MockIssuer, body: string | [string, string][], headers: Record<string, string> = {}) {
  const own = { authorization: basic(issuer.resourceServer), ...headers };
  const response = await post(issuer.introspectionEndpoint, body, own);
  return { status: response.status, ...((await response.json()) as { error?: string; error_description?: string }) };
}

test('a request without a token, or with an empty one, is an invalid_request', async () => {
  const issuer = await startIssuer();
  for (const body of ['', 'token=', 'tokens=x']) {
    expect(await send(issuer, body)).toMatchObject({ status: 400, error: 'invalid_request' });
  }
  expect(await send(issuer, 'token=x')).toMatchObject({ status: 200, active: false });
});

test('a parameter that comes twice is an invalid_request, even beside what is right', async () => {
  const issuer = await startIssuer();
  for (const extra of ['token=y', 'x=1&x=2', 'token_type_hint=a&token_type_hint=a']) {
    expect(await send(issuer, `token=x&${extra}`)).toMatchObject({ status: 400, error: 'invalid_request' });
  }
  expect(await send(issuer, 'token=x&resource=a&resource=b&unknown=1')).toMatchObject({ status: 200 });
});

test('only a form counts: other content types are 400, other methods 405', async () => {
  const issuer = await startIssuer();
  const authorization = basic(issuer.resourceServer);
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
    const { status } = await send(issuer, 'token=x', { 'content-type': type });
    expect(status).toBe(400);
  }
  expect(
    (await send(issuer, 'token=x', { 'content-type': 'Application/X-WWW-Form-URLEncoded;charset=utf-8' })).status,
  ).toBe(200);
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await fetch(`${issuer.introspectionEndpoint}?token=x`, { method, headers: { authorization } });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  }
});

test('a body of 64 KiB is read, a longer one is 413 and its sender is heard out', async () => {
  const issuer = await startIssuer();
  expect(await send(issuer, `token=${'x'.repeat(65_530)}`)).toMatchObject({ status: 200 });
  expect(await send(issuer, `token=${'x'.repeat(65_531)}`)).toMatchObject({ status: 413, error: 'invalid_request' });
  expect(await send(issuer, `token=${'x'.repeat(5_000_000)}`)).toMatchObject({ status: 413 });
});

test('whatever comes, the answer is an OAuth error whose description keeps to the grammar', async () => {
  const issuer = await startIssuer({ resourceServers: [{ client_id: 'api', client_secret: 'x' }] });
  const strange = [
    '"',
    '\\',
    'ü',
    '\u0000',
    '%zz',
    '%ff%fe',
    '__proto__',
    'x'.repeat(20_000),
    '🔑',
    '\r\nSet-Cookie: a=b',
  ];
  for (const text of strange) {
    for (const name of ['token', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type', text]) {
      const response = await post(issuer.introspectionEndpoint, [
        ['token', 'x'],
        ['client_id', 'api'],
        [name, text],
      ]);
      expect([400, 401]).toContain(response.status);
      const { error, error_description } = (await response.json()) as Record<string, string>;
      expect(error).toMatch(/^invalid_(request|client)$/);
      expect(error_description).toMatch(NQSCHAR);
    }
    const response = await fetch(issuer.introspectionEndpoint, {
      method: 'POST',
      body: `token=${text}&${text}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    // Bytes that are no text are refused before anybody is asked who it is.
    expect(response.status).toBe(text === '%ff%fe' ? 400 : 401);
  }
});

test('two Authorization lines are an invalid_request', async () => {
  const issuer = await startIssuer();
  const own = basic(issuer.resourceServer);
  const statusOf = (authorization: string[]): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const lines = authorization.flatMap((line) => ['authorization', line]);
      const headers = [
        'host',
        'mock',
        ...lines,
        'content-type',
        'application/x-www-form-urlencoded',
        'content-length',
        '7',
      ];
      const asked = request(issuer.introspectionEndpoint, { method: 'POST', headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      });
      asked.once('error', reject).end('token=x');
    });
  expect(await statusOf([own])).toBe(200);
  expect(await statusOf([own, own])).toBe(400);
});

test('a parameter by the name of a property of objects is one like any other', async () => {
  const issuer = await startIssuer();
  await send(issuer, 'token=x&__proto__=1&constructor=2&a=1&a=2');
  const form = issuer.requests.last('introspection')?.form ?? {};
  expect(Object.entries(form)).toEqual([
    ['token', 'x'],
    ['__proto__', '1'],
    ['constructor', '2'],
    ['a', ['1', '2']],
  ]);
  await introspect(issuer, 'y');
  expect(issuer.requests.last('introspection')?.form).toEqual({ token: 'y' });
});
