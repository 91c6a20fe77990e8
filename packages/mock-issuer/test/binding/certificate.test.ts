import { createHash, X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { expect, test } from 'vitest';
import {
  type Certificate,
  type ClientRegistration,
  createMockIssuer,
  type MockIssuer,
  type MockIssuerOptions,
} from '../../src/index.js';
import { basic } from '../caller.js';
import { claimsOf, startIssuer } from '../referee.js';
import { askOverTls } from '../tls-caller.js';

const redirect_uris = ['https://app.example/cb'];
const bound = { tls_client_certificate_bound_access_tokens: true } as const;
const secret = { client_secret: 's3cret', grant_types: ['client_credentials'] };
const clients: readonly ClientRegistration[] = [
  { client_id: 'job', ...secret, ...bound },
  { client_id: 'free', ...secret },
  {
    client_id: 'app',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris,
    ...bound,
  },
  {
    client_id: 'pki',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=pki',
    grant_types: ['client_credentials'],
  },
];

const start = (options: MockIssuerOptions = {}): Promise<MockIssuer> =>
  startIssuer({ tls: 'self-signed', clients, ...options });

const ask = (issuer: MockIssuer, form: Record<string, string>, as?: Certificate, dpop?: string) => {
  const { client_id = '', ...others } = form;
  const authorization = basic({ clientId: client_id, clientSecret: 's3cret' });
  const named = ['app', 'pki'].includes(client_id);
  return askOverTls(issuer.certificateAuthority, issuer.tokenEndpoint, {
    as,
    form: named ? form : others,
    headers: { ...(!named && { authorization }), ...(dpop !== undefined && { dpop }) },
  });
};

const credentials = (client_id: string) => ({ grant_type: 'client_credentials', client_id });

async function stateOf(issuer: MockIssuer, token: unknown) {
  const form = { token: String(token) };
  const authorization = basic(issuer.resourceServer);
  return (
    await askOverTls(issuer.certificateAuthority, issuer.introspectionEndpoint, { form, headers: { authorization } })
  ).body;
}

test.each(['jwt', 'opaque'] as const)(
  '[IS-TK-12] a token of a client that registered for it is bound to its certificate: %s',
  async (accessTokenFormat) => {
    const issuer = await start({ accessTokenFormat });
    const certificate = issuer.certificate({ subject: { CN: 'job' } });
    const { status, body } = await ask(issuer, credentials('job'), certificate);
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    const x5t = createHash('sha256').update(new X509Certificate(certificate.cert).raw).digest('base64url');
    expect(certificate.thumbprint).toBe(x5t);
    const state = await stateOf(issuer, body['access_token']);
    expect(state).toMatchObject({ active: true, token_type: 'Bearer', cnf: { 'x5t#S256': x5t } });
    if (accessTokenFormat === 'jwt')
      expect(claimsOf(String(body['access_token']))).toMatchObject({ cnf: { 'x5t#S256': x5t } });
  },
);

test('[IS-TK-12] without a certificate it gets no token (RFC 8705 section 3.4)', async () => {
  const issuer = await start();
  expect(await ask(issuer, credentials('job'))).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_description: expect.stringContaining('no client certificate') },
  });
  const authorized = await issuer.authorize({ client: 'app' });
  await expect(authorized.tokens()).rejects.toMatchObject({ code: 'invalid_request' });
  const { thumbprint } = issuer.certificate();
  const cnf = { 'x5t#S256': thumbprint };
  const { access_token, token_type } = await authorized.tokens(cnf);
  expect([claimsOf(access_token)['cnf'], token_type]).toEqual([cnf, 'Bearer']);
});

test('[IS-TK-12] binding is one thing and authentication another: who did not register for it gets bearer tokens', async () => {
  const issuer = await start();
  for (const [client, certificate] of [
    ['free', issuer.certificate()],
    ['pki', issuer.certificate({ subject: { CN: 'pki' } })],
  ] as const) {
    const { status, body } = await ask(issuer, credentials(client), certificate);
    expect([client, status]).toEqual([client, 200]);
    expect(claimsOf(String(body['access_token']))).not.toHaveProperty('cnf');
  }
});

test('[IS-TK-12] a public client is bound to a certificate of its own making, and its refresh token is (RFC 8705 section 4)', async () => {
  const issuer = await start();
  const [own, other] = [issuer.certificate({ selfSigned: true }), issuer.certificate({ selfSigned: true })];
  const { code, codeVerifier = '' } = await issuer.authorize({ client: 'app' });
  const redemption = { grant_type: 'authorization_code', code, code_verifier: codeVerifier, client_id: 'app' };
  const first = await ask(issuer, redemption, own);
  expect(claimsOf(String(first.body['access_token']))).toMatchObject({ cnf: { 'x5t#S256': own.thumbprint } });
  const form = { grant_type: 'refresh_token', refresh_token: String(first.body['refresh_token']), client_id: 'app' };
  expect(await ask(issuer, form, other)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect(await ask(issuer, form)).toMatchObject({ status: 400 });
  expect(await ask(issuer, form, own)).toMatchObject({ status: 200 });
});

test('a token can be bound to a key and a certificate at once', async () => {
  const issuer = await start();
  const [key, certificate] = [await issuer.dpop.key(), issuer.certificate()];
  const proof = await issuer.dpop.proof({ key, method: 'POST', url: issuer.tokenEndpoint });
  const { body } = await ask(issuer, credentials('job'), certificate, proof);
  const cnf = { jkt: key.thumbprint, 'x5t#S256': certificate.thumbprint };
  expect([body['token_type'], claimsOf(String(body['access_token']))['cnf']]).toEqual(['DPoP', cnf]);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  '[IS-TK-12] the certificate is known in a session that is resumed, too: %s',
  async (maxVersion) => {
    const issuer = await start();
    const { cert, key, thumbprint } = issuer.certificate({ selfSigned: true });
    // Without keepAlive each request has a connection of its own; the agent remembers the session of the first.
    const agent = new Agent({ cert, key, ca: issuer.certificateAuthority, maxVersion });
    const authorization = basic({ clientId: 'job', clientSecret: 's3cret' });
    const sessions = [];
    for (let count = 0; count < 2; count += 1) {
      const { resumed, body } = await askOverTls(issuer.certificateAuthority, issuer.tokenEndpoint, {
        agent,
        form: { grant_type: 'client_credentials' },
        headers: { authorization },
      });
      sessions.push([resumed, claimsOf(String(body['access_token']))['cnf']]);
    }
    const cnf = { 'x5t#S256': thumbprint };
    expect(sessions).toEqual([
      [false, cnf],
      [true, cnf],
    ]);
  },
);

test('the metadata says so where there are certificates, and is true', async () => {
  const document = async (issuer: MockIssuer) =>
    (await askOverTls(issuer.certificateAuthority, `${issuer.issuer}/.well-known/oauth-authorization-server`)).body;
  expect(await document(await start())).toMatchObject({ tls_client_certificate_bound_access_tokens: true });
  const plain = await startIssuer();
  const told = await (await fetch(`${plain.issuer}/.well-known/oauth-authorization-server`)).json();
  expect(told).not.toHaveProperty('tls_client_certificate_bound_access_tokens');
  await expect(createMockIssuer({ clients: [{ client_id: 'job', ...secret, ...bound }] })).rejects.toThrow(
    "'tls_client_certificate_bound_access_tokens' needs the option 'tls'",
  );
});
