import * as client from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import { describe, expect, test } from 'vitest';
import type { ClientRegistration, MockIssuer, MockIssuerOptions } from '../../src/index.js';
import { claimsOf, startIssuer } from '../referee.js';

const redirect_uri = 'http://127.0.0.1:3000/cb';
const grant_types = ['authorization_code', 'refresh_token', 'client_credentials'];
const web: ClientRegistration = { client_id: 'web', client_secret: 's', redirect_uris: [redirect_uri], grant_types };
const spa: ClientRegistration = { ...web, client_id: 'spa', token_endpoint_auth_method: 'none' };

const start = (options: MockIssuerOptions) => startIssuer({ clients: [web, spa], ...options });

const discover = ({ issuer }: MockIssuer, id: string, metadata: Partial<client.ClientMetadata> = {}) =>
  client.discovery(new URL(issuer), id, metadata, id === 'spa' ? client.None() : client.ClientSecretBasic('s'), {
    execute: [client.allowInsecureRequests],
    algorithm: 'oauth2',
  });

async function handle(config: client.Configuration, alg = 'ES256') {
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair(alg));
  return { DPoP, jkt: await DPoP.calculateThumbprint() };
}

/** Goes where the client sends the browser, and back. */
async function browse(url: URL): Promise<URL> {
  const response = await fetch(url, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '');
}

async function codeParameters() {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const code_challenge = await client.calculatePKCECodeChallenge(pkceCodeVerifier);
  return { pkceCodeVerifier, parameters: { redirect_uri, code_challenge, code_challenge_method: 'S256' } };
}

describe.each([false, true])('openid-client, DPoP, nonces: %s', (nonces) => {
  test.each(['web', 'spa'])(
    'gets bound tokens as %s by a code that is bound to its key, and refreshes them',
    async (id) => {
      const issuer = await start({ dpop: { nonces } });
      const config = await discover(issuer, id);
      const { DPoP, jkt } = await handle(config);
      const { pkceCodeVerifier, parameters } = await codeParameters();
      const url = client.buildAuthorizationUrl(config, { ...parameters, dpop_jkt: jkt });
      const back = await browse(url);
      const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier }, undefined, { DPoP });
      expect([tokens.token_type, claimsOf(tokens.access_token)['cnf']]).toEqual(['dpop', { jkt }]);
      // A nonce is asked for once, and then kept.
      expect(issuer.requests.count('token')).toBe(nonces ? 2 : 1);
      const refreshToken = tokens.refresh_token ?? '';
      const thief = { DPoP: (await handle(config)).DPoP };
      const stolen = client.refreshTokenGrant(config, refreshToken, undefined, thief);
      if (id === 'spa') await expect(stolen).rejects.toMatchObject({ error: 'invalid_grant' });
      else expect((await stolen).token_type).toBe('dpop');
      const own = id === 'spa' ? refreshToken : ((await stolen).refresh_token ?? '');
      const next = await client.refreshTokenGrant(config, own, undefined, { DPoP });
      expect(claimsOf(next.access_token)['cnf']).toEqual({ jkt });
    },
  );

  test('pushes its request with a proof, to which the code is bound', async () => {
    const issuer = await start({ requirePushedAuthorizationRequests: true, dpop: { nonces } });
    const config = await discover(issuer, 'web');
    const { DPoP, jkt } = await handle(config, 'RS256');
    const codes = await Promise.all(
      [0, 1].map(async () => {
        const { pkceCodeVerifier, parameters } = await codeParameters();
        const url = await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
        return { pkceCodeVerifier, back: await browse(url) };
      }),
    );
    const redeem = ({ back, pkceCodeVerifier }: (typeof codes)[number], options: client.DPoPOptions) =>
      client.authorizationCodeGrant(config, back, { pkceCodeVerifier }, undefined, options);
    const [one, two] = codes as [(typeof codes)[number], (typeof codes)[number]];
    expect(claimsOf((await redeem(one, { DPoP })).access_token)['cnf']).toEqual({ jkt });
    await expect(redeem(two, { DPoP: (await handle(config)).DPoP })).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(redeem(two, {})).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('gets a token of its own', async () => {
    const clients = [{ ...web, dpop_bound_access_tokens: true }];
    const issuer = await start({ dpop: { nonces }, clients });
    const config = await discover(issuer, 'web');
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ error: 'invalid_dpop_proof' });
    const { DPoP, jkt } = await handle(config, 'Ed25519');
    const tokens = await client.clientCredentialsGrant(config, undefined, { DPoP });
    const state = await client.tokenIntrospection(config, tokens.access_token);
    expect(state).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt } });
  });
});

test('openid-client goes on by itself when the nonce rotates', async () => {
  const issuer = await start({ dpop: { nonces: true, nonceSeconds: 1 } });
  const config = await discover(issuer, 'web');
  const { DPoP } = await handle(config);
  await client.clientCredentialsGrant(config, undefined, { DPoP });
  issuer.clock.advance(3);
  await client.clientCredentialsGrant(config, undefined, { DPoP });
  expect(issuer.requests.count('token')).toBe(4);
});

test('openid-client dates its proofs by the clock of an issuer that it is told of', async () => {
  const issuer = await start({ seed: 'still' });
  const skew = Math.round((issuer.clock.now() - Date.now()) / 1000);
  const tokensWith = async (metadata: Partial<client.ClientMetadata>) => {
    const config = await discover(issuer, 'web', metadata);
    return client.clientCredentialsGrant(config, undefined, { DPoP: (await handle(config)).DPoP });
  };
  expect(await tokensWith({ [client.clockSkew]: skew })).toMatchObject({ token_type: 'dpop' });
  await expect(tokensWith({})).rejects.toMatchObject({
    error_description: expect.stringMatching(/iat is in \d+ seconds/),
  });
});

test('[IS-TK-12] openid-client authenticates by certificate, and its token is bound to it', async () => {
  const own = { client_id: 'pki', token_endpoint_auth_method: 'tls_client_auth', grant_types } as const;
  const issuer = await startIssuer({
    tls: 'self-signed',
    clients: [{ ...own, tls_client_auth_subject_dn: 'CN=pki', tls_client_certificate_bound_access_tokens: true }],
  });
  const { cert, key, thumbprint } = issuer.certificate({ subject: { CN: 'pki' } });
  const dispatcher = new Agent({ connect: { cert, key, ca: issuer.certificateAuthority } });
  const config = await client.discovery(new URL(issuer.issuer), 'pki', undefined, client.TlsClientAuth(), {
    algorithm: 'oauth2',
    [client.customFetch]: (url, options) =>
      undiciFetch(url, { ...options, dispatcher } as Parameters<typeof undiciFetch>[1]) as unknown as Promise<Response>,
  });
  const tokens = await client.clientCredentialsGrant(config);
  expect(claimsOf(tokens.access_token)['cnf']).toEqual({ 'x5t#S256': thumbprint });
  await dispatcher.close();
});
