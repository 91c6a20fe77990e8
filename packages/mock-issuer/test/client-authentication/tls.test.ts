import { expect, test } from 'vitest';
import {
  createMockIssuer,
  type MockIssuer,
  type MockIssuerOptions,
  type ResourceServerRegistration,
} from '../../src/index.js';
import { basic } from '../caller.js';
import { certify, type Identity, x5cOf } from '../certificate.js';
import { startIssuer } from '../referee.js';
import { askOverTls } from '../tls-caller.js';

const ca = certify({ subject: [['CN', 'Test CA']], isAuthority: true });
const otherCa = certify({ subject: [['CN', 'Other CA']], isAuthority: true });
const server = certify({ subject: [['CN', 'mock']], names: [['ip', '127.0.0.1']], by: ca });
const subject = [
  ['O', 'Example, Inc.'],
  ['CN', 'api'],
] as const;
const names = [
  ['dns', 'api.example'],
  ['uri', 'https://api.example/id'],
  ['ip', '10.0.0.7'],
  ['email', 'api@example.com'],
] as const;
const client = certify({ subject, names, by: ca });
const stranger = certify({ subject, names, by: otherCa });
const selfSigned = certify({ subject });

const tls = { ...server, ca: ca.cert };
const dn = 'CN=api, O=Example\\, Inc.';

function start(registration: Partial<ResourceServerRegistration>): Promise<MockIssuer> {
  return startIssuer({ tls, resourceServers: [{ client_id: 'api', ...registration }] });
}

async function ask(issuer: MockIssuer, identity?: Identity, form = 'client_id=api', headers = {}) {
  const request = { as: identity, form: `token=x&${form}`, headers };
  const { status, body } = await askOverTls(ca.cert, issuer.introspectionEndpoint, request);
  return { status, ...body };
}

test.each([
  ['tls_client_auth_subject_dn', dn, 'CN=other'],
  ['tls_client_auth_subject_dn', 'cn=api,o=Example\\, Inc.', 'O=Example\\, Inc.,CN=api'],
  ['tls_client_auth_san_dns', 'api.example', 'example'],
  ['tls_client_auth_san_uri', 'https://api.example/id', 'https://api.example/'],
  ['tls_client_auth_san_ip', '10.0.0.7', '10.0.0.8'],
  ['tls_client_auth_san_email', 'api@example.com', 'api@example.org'],
])('tls_client_auth: a certificate of our authority with %s %s, and not %s', async (member, right, wrong) => {
  const method = { token_endpoint_auth_method: 'tls_client_auth' } as const;
  expect(await ask(await start({ ...method, [member]: right }), client)).toEqual({ status: 200, active: false });
  const refused = await ask(await start({ ...method, [member]: wrong }), client);
  expect(refused).toMatchObject({ status: 401, error: 'invalid_client' });
});

test('tls_client_auth: a certificate of another authority is refused, and none at all as well', async () => {
  const issuer = await start({ token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: dn });
  expect(await ask(issuer, client)).toMatchObject({ status: 200 });
  expect(await ask(issuer, stranger)).toMatchObject({ status: 401, error: 'invalid_client' });
  expect(await ask(issuer, selfSigned)).toMatchObject({ status: 401 });
  expect(await ask(issuer)).toMatchObject({ status: 401, error: 'invalid_client' });
});

test('[IS-TK-6] self_signed_tls_client_auth: the very certificate that is registered', async () => {
  const jwks = { keys: [{ kty: 'EC', x5c: [x5cOf(selfSigned)] }] };
  const issuer = await start({ token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks });
  expect(await ask(issuer, selfSigned)).toMatchObject({ status: 200 });
  expect(await ask(issuer, certify({ subject }))).toMatchObject({ status: 401, error: 'invalid_client' });
  expect(await ask(issuer, client)).toMatchObject({ status: 401 });
});

test('a certificate says nothing of a client that is registered for something else', async () => {
  const issuer = await start({ client_secret: 's' });
  expect(await ask(issuer, client)).toMatchObject({ status: 401, error: 'invalid_client' });
  const authorization = basic({ clientId: 'api', clientSecret: 's' });
  expect(await ask(issuer, client, '', { authorization })).toMatchObject({ status: 200 });
  expect(await ask(issuer, undefined, '', { authorization })).toMatchObject({ status: 200 });
});

test('the metadata names what the issuer can check', async () => {
  const methodsAt = async (options: MockIssuerOptions) => {
    const issuer = await startIssuer(options);
    const url = `${issuer.issuer}/.well-known/oauth-authorization-server`;
    return (await askOverTls(ca.cert, url)).body['introspection_endpoint_auth_methods_supported'];
  };
  const plain = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
  const byCertificate = ['tls_client_auth', 'self_signed_tls_client_auth'];
  expect(await methodsAt({ tls })).toEqual([...plain, ...byCertificate]);
  expect(await methodsAt({ tls: server })).toEqual([...plain, ...byCertificate]);
});

test('the issuer is named as its certificate is: by address, or localhost', async () => {
  const named = certify({ subject: [['CN', 'mock']], names: [['dns', 'localhost']], by: ca });
  expect((await startIssuer({ tls })).issuer).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect((await startIssuer({ tls: named })).issuer).toMatch(/^https:\/\/localhost:\d+$/);
});

test.each<[string, object]>([
  ['tls', { tls: true }],
  ['key', { tls: { cert: server.cert } }],
  ['cert', { tls: { ...server, cert: 'x' } }],
  ['cert', { tls: certify({ subject: [['CN', 'mock']], names: [['dns', 'elsewhere.example']] }) }],
  [
    'token_endpoint_auth_method',
    {
      resourceServers: [
        { client_id: 'api', token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: dn },
      ],
    },
  ],
  [
    'tls_client_auth_...',
    { tls, resourceServers: [{ client_id: 'api', token_endpoint_auth_method: 'tls_client_auth' }] },
  ],
  [
    'jwks',
    {
      tls,
      resourceServers: [
        {
          client_id: 'api',
          token_endpoint_auth_method: 'self_signed_tls_client_auth',
          jwks: { keys: [{ kty: 'EC' }] },
        },
      ],
    },
  ],
  ['jwks', { resourceServers: [{ client_id: 'api', token_endpoint_auth_method: 'private_key_jwt' }] }],
  [
    'jwks',
    {
      resourceServers: [
        { client_id: 'api', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'EC', d: 'x' }] } },
      ],
    },
  ],
])("what is missing for TLS or a method is a TypeError that names '%s'", async (name, options) => {
  await expect(createMockIssuer(options as MockIssuerOptions)).rejects.toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(`'${name}'`) }),
  );
});
