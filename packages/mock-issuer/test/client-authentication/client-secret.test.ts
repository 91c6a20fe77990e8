import { expect, test } from 'vitest';
import type { ResourceServerRegistration } from '../../src/index.js';
import { basic, post } from '../caller.js';
import { startIssuer } from '../referee.js';

const raw = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

const ASKED = { token: 'x' };

async function statusFor(
  registration: Partial<ResourceServerRegistration>,
  form: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const issuer = await startIssuer({ resourceServers: [{ client_id: 'api', client_secret: 's', ...registration }] });
  const response = await post(issuer.introspectionEndpoint, { ...ASKED, ...form }, headers);
  const { error, error_description } = (await response.json()) as Record<string, string>;
  return { status: response.status, error, error_description };
}

test.each([
  ['a:b%c', 'd:e f+g%'],
  ['api', 'schlüssel 🔑'],
  ['api', ':'],
])(
  'client_secret_basic with %s and %s is form-encoded before it is base64-encoded',
  async (client_id, client_secret) => {
    const registration = { client_id, client_secret };
    const authorization = basic({ clientId: client_id, clientSecret: client_secret });
    expect(await statusFor(registration, {}, { authorization })).toMatchObject({ status: 200 });
  },
);

test('[IS-TK-3] a secret that was not form-encoded is refused, and the answer says so', async () => {
  const refused = await statusFor({ client_secret: 'a+b' }, {}, { authorization: raw('api:a+b') });
  expect(refused).toMatchObject({ status: 401, error: 'invalid_client' });
  expect(refused.error_description).toContain('form-encoded');
  expect(await statusFor({ client_secret: 'a+b' }, {}, { authorization: raw('api:a%2Bb') })).toMatchObject({
    status: 200,
  });
});

test.each(['Basic', 'Basic !', 'Bearer abc', raw('api'), raw('api:'), raw('api:S'), raw('nobody:s'), raw('api:%zz')])(
  'the Authorization header %j is 401 invalid_client',
  async (authorization) => {
    expect(await statusFor({}, {}, { authorization })).toMatchObject({ status: 401, error: 'invalid_client' });
  },
);

test('the scheme is Basic in any case', async () => {
  const authorization = raw('api:s').replace('Basic', 'bAsIc');
  expect(await statusFor({}, {}, { authorization })).toMatchObject({ status: 200 });
});

test('[IS-TK-3] client_secret_post takes identifier and secret from the body', async () => {
  const registration = { token_endpoint_auth_method: 'client_secret_post' } as const;
  expect(await statusFor(registration, { client_id: 'api', client_secret: 's' })).toMatchObject({ status: 200 });
  expect(await statusFor(registration, { client_id: 'api', client_secret: 'S' })).toMatchObject({ status: 401 });
  expect(await statusFor(registration, { client_secret: 's' })).toMatchObject({ status: 400 });
  expect(await statusFor(registration, { client_id: 'api' })).toMatchObject({ status: 401 });
});

test('a client authenticates as it is registered and in no other way', async () => {
  const post = { token_endpoint_auth_method: 'client_secret_post' } as const;
  const authorization = raw('api:s');
  const refused = await statusFor(post, {}, { authorization });
  expect(refused).toMatchObject({ status: 401, error: 'invalid_client' });
  expect(refused.error_description).toContain('client_secret_post');
  expect(await statusFor({}, { client_id: 'api', client_secret: 's' })).toMatchObject({ status: 401 });
});

test('a request has credentials of one kind and of one client', async () => {
  const authorization = raw('api:s');
  const both = await statusFor({}, { client_id: 'api', client_secret: 's' }, { authorization });
  expect(both).toMatchObject({ status: 400, error: 'invalid_request' });
  expect(await statusFor({}, { client_id: 'other' }, { authorization })).toMatchObject({ status: 400 });
  expect(await statusFor({}, { client_id: 'api' }, { authorization })).toMatchObject({ status: 200 });
});

test('credentials in the URL are none', async () => {
  const issuer = await startIssuer({
    resourceServers: [{ client_id: 'api', client_secret: 's', token_endpoint_auth_method: 'client_secret_post' }],
  });
  const response = await post(`${issuer.introspectionEndpoint}?client_id=api&client_secret=s`, ASKED);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_request' });
});
