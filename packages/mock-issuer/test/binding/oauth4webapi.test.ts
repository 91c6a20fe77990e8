import { Agent, request } from 'node:https';
import * as oauth from 'oauth4webapi';
import { expect, test } from 'vitest';
import type { MockIssuer } from '../../src/index.js';
import { claimsOf, startIssuer } from '../referee.js';

const insecure = { [oauth.allowInsecureRequests]: true };
const redirect_uri = 'http://127.0.0.1:3000/cb';
const grant_types = ['authorization_code', 'refresh_token', 'client_credentials'];
const spa = {
  client_id: 'spa',
  token_endpoint_auth_method: 'none',
  redirect_uris: [redirect_uri],
  grant_types,
} as const;

async function discover({ issuer }: MockIssuer, options: object): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...options }));
}

/** Asks, and asks once more when it was told of a nonce. */
async function twice<T>(ask: () => Promise<T>): Promise<T> {
  return ask().catch((error: unknown) => {
    if (oauth.isDPoPNonceError(error)) return ask();
    throw error;
  });
}

test.each([false, true])(
  'oauth4webapi pushes a request, gets tokens and refreshes them with DPoP, nonces: %s',
  async (nonces) => {
    const issuer = await startIssuer({ clients: [spa], dpop: { nonces } });
    const as = await discover(issuer, insecure);
    const client: oauth.Client = { client_id: 'spa' };
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const options = { DPoP, ...insecure };
    const verifier = oauth.generateRandomCodeVerifier();
    const parameters = {
      response_type: 'code',
      redirect_uri,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      dpop_jkt: await DPoP.calculateThumbprint(),
    };
    const { request_uri } = await twice(async () =>
      oauth.processPushedAuthorizationResponse(
        as,
        client,
        await oauth.pushedAuthorizationRequest(as, client, oauth.None(), parameters, options),
      ),
    );
    const query = new URLSearchParams({ client_id: 'spa', request_uri });
    const sent = await fetch(`${as.authorization_endpoint}?${query}`, { redirect: 'manual' });
    const back = oauth.validateAuthResponse(
      as,
      client,
      new URL(sent.headers.get('location') ?? ''),
      oauth.expectNoState,
    );
    const tokens = await twice(async () =>
      oauth.processAuthorizationCodeResponse(
        as,
        client,
        await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), back, redirect_uri, verifier, options),
      ),
    );
    const next = await twice(async () =>
      oauth.processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token ?? '', options),
      ),
    );
    const cnf = { jkt: parameters.dpop_jkt };
    expect([tokens, next].map(({ access_token }) => claimsOf(access_token)['cnf'])).toEqual([cnf, cnf]);
    expect(next.token_type).toBe('dpop');
  },
);

test.each([false, true])('oauth4webapi gets a token of its own with DPoP, nonces: %s', async (nonces) => {
  const job = { client_id: 'job', client_secret: 's3cret', grant_types: ['client_credentials'] };
  const issuer = await startIssuer({ clients: [{ ...job, dpop_bound_access_tokens: true }], dpop: { nonces } });
  const as = await discover(issuer, insecure);
  const client: oauth.Client = { client_id: 'job' };
  const authentication = oauth.ClientSecretBasic('s3cret');
  const ask = async (options: object) =>
    oauth.processClientCredentialsResponse(
      as,
      client,
      await oauth.clientCredentialsGrantRequest(as, client, authentication, { scope: 'read' }, options),
    );
  await expect(ask(insecure)).rejects.toMatchObject({ error: 'invalid_dpop_proof' });
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const tokens = await twice(() => ask({ DPoP, ...insecure }));
  expect(tokens).toMatchObject({ token_type: 'dpop', scope: 'read' });
  expect(claimsOf(tokens.access_token)).toMatchObject({
    sub: 'job',
    cnf: { jkt: await DPoP.calculateThumbprint() },
  });
  const asked = await oauth.introspectionRequest(as, client, authentication, tokens.access_token, insecure);
  const state = await oauth.processIntrospectionResponse(as, client, asked);
  expect(state).toMatchObject({ active: true, token_type: 'DPoP' });
  expect(issuer.requests.count('token')).toBe(nonces ? 3 : 2);
});

/** fetch by node:https, with an agent that has a certificate. */
function fetchBy(agent: Agent): NonNullable<oauth.TokenEndpointRequestOptions[typeof oauth.customFetch]> {
  return (url, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const asked = request(url, { method, headers: { ...headers }, agent }, (response) => {
        const chunks: Buffer[] = [];
        const { statusCode: status = 0 } = response;
        const told = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => resolve(new Response(Buffer.concat(chunks), { status, headers: told })));
      });
      asked.once('error', reject).end(body === undefined || body === null ? undefined : String(body));
    });
}

test('[IS-TK-12] oauth4webapi as a public client over mutual TLS: access and refresh token are bound to its certificate', async () => {
  const bound = { ...spa, tls_client_certificate_bound_access_tokens: true };
  const issuer = await startIssuer({ tls: 'self-signed', clients: [bound] });
  const [own, other] = [issuer.certificate({ selfSigned: true }), issuer.certificate({ selfSigned: true })];
  const by = ({ cert, key }: typeof own) => ({
    [oauth.customFetch]: fetchBy(new Agent({ cert, key, ca: issuer.certificateAuthority })),
  });
  const as = await discover(issuer, by(own));
  expect(as.tls_client_certificate_bound_access_tokens).toBe(true);
  const client = { client_id: 'spa' };
  const { url, codeVerifier = '' } = await issuer.authorize({ client: 'spa' });
  const back = oauth.validateAuthResponse(as, client, new URL(url), oauth.expectNoState);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    oauth.None(),
    back,
    redirect_uri,
    codeVerifier,
    by(own),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response);
  expect(claimsOf(tokens.access_token)['cnf']).toEqual({ 'x5t#S256': own.thumbprint });
  const refresh = async (certificate: typeof own) =>
    oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token ?? '', by(certificate)),
    );
  await expect(refresh(other)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(claimsOf((await refresh(own)).access_token)['cnf']).toEqual({ 'x5t#S256': own.thumbprint });
});
