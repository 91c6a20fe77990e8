import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { ClientRegistration, MockIssuer, MockIssuerOptions, SignatureAlgorithm } from '../../src/index.js';
import { askForTokens, basic, post, stateOf } from '../caller.js';
import { callback, codeFrom, pkce, redeem, requestOf, sentTo, visit, web } from '../flow.js';
import { algorithms, headerOf, startIssuer } from '../referee.js';

/*
 * Every line of the metadata, held against what the issuer does: what is said works, and what is next to it and not said does not. A line
 * without an entry in the table below is red.
 */

const { challenge, verifier } = pkce();
const everything: MockIssuerOptions = {
  acrValues: ['pwd', 'mfa'],
  authorizationDetailsTypes: ['pay', 'see'],
  resources: ['https://reports.example.com'],
};

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const webClient: ClientRegistration = {
  client_id: 'web',
  client_secret: 's3cret',
  redirect_uris: [callback],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials', device, tokenExchange],
};

const start = (clients: readonly ClientRegistration[] = [], options: MockIssuerOptions = {}) =>
  startIssuer({ clients: [webClient, ...clients], ...everything, ...options });

type Told = Record<string, string>;
const ask = async (issuer: MockIssuer, changes: Parameters<typeof requestOf>[1]): Promise<Told> =>
  sentTo(await visit(issuer, requestOf(challenge, changes))).told;

/** The claims of the token at the end of a request with these changes. */
async function claimsAfter(issuer: MockIssuer, changes: Parameters<typeof requestOf>[1]) {
  const { body } = await redeem(issuer, await codeFrom(issuer, challenge, changes), verifier);
  return stateOf(issuer, String(body['access_token']));
}

/** A device code whose user has said yes. */
async function approvedDeviceCode(issuer: MockIssuer): Promise<string> {
  const response = await post(issuer.deviceAuthorizationEndpoint, {}, { authorization: basic(web) });
  const { device_code = '', user_code = '' } = (await response.json()) as Record<string, string>;
  issuer.device.approve(user_code);
  return device_code;
}

const pairs = new Map(
  await Promise.all(
    algorithms.map(async (alg) => {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      return [alg, { privateKey, jwk: { ...(await exportJWK(publicKey)), alg } }] as const;
    }),
  ),
);

/** What a request has on top by which a client authenticates, and how it is registered for that. */
async function wayOf(method: string, issuer: string, alg: SignatureAlgorithm = 'ES256') {
  const form: Record<string, string> = {};
  if (method === 'client_secret_basic') return { form, headers: { authorization: basic({ ...web, clientId: 'own' }) } };
  form['client_id'] = 'own';
  if (method === 'client_secret_post') form['client_secret'] = web.clientSecret;
  if (method === 'private_key_jwt') {
    const key = pairs.get(alg)?.privateKey;
    if (key === undefined) throw new Error(alg);
    form['client_assertion_type'] = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    form['client_assertion'] = await new SignJWT({ iss: 'own', sub: 'own', aud: issuer, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg })
      .setExpirationTime('5m')
      .sign(key);
  }
  return { form, headers: {} };
}

const registration = (method: string): ClientRegistration => ({
  client_id: 'own',
  token_endpoint_auth_method: method as 'none',
  ...(method.startsWith('client_secret') && { client_secret: web.clientSecret }),
  ...(method === 'private_key_jwt' && { jwks: { keys: [...pairs.values()].map(({ jwk }) => jwk) } }),
  redirect_uris: [callback],
  grant_types: ['authorization_code', 'client_credentials'],
});

/** Every way of authenticating that is said to work at an endpoint does: the client is known, whatever becomes of its request. */
const authenticates =
  (endpoint: (issuer: MockIssuer) => string, asResourceServer = false): Probe =>
  async (_issuer, methods) => {
    for (const method of methods as string[]) {
      const own = registration(method);
      const { redirect_uris, grant_types, ...server } = own;
      const issuer = await start(asResourceServer ? [] : [own], asResourceServer ? { resourceServers: [server] } : {});
      const { form, headers } = await wayOf(method, issuer.issuer);
      const response = await post(endpoint(issuer), { token: 'x', ...form }, headers);
      expect([method, response.status === 401]).toEqual([method, false]);
      const bare = await post(endpoint(issuer), { token: 'x' });
      expect(bare.status).toBe(401);
    }
    const rest = { client_id: 'own', token_endpoint_auth_method: 'client_secret_jwt' as 'none' };
    await expect(start([rest])).rejects.toThrow(TypeError);
  };

/** Every algorithm that is said to be good for an assertion is. */
const takesAssertions =
  (endpoint: (issuer: MockIssuer) => string): Probe =>
  async (_issuer, values) => {
    expect(values).toEqual([...pairs.keys()]);
    const issuer = await start([registration('private_key_jwt')]);
    for (const alg of values as SignatureAlgorithm[]) {
      const { form } = await wayOf('private_key_jwt', issuer.issuer, alg);
      const body = { token: 'x', ...form };
      expect([alg, (await post(endpoint(issuer), body)).status === 401]).toEqual([alg, false]);
      // An assertion is good once, so that the same one shows that 401 is what a bad one gets.
      expect((await post(endpoint(issuer), body)).status).toBe(401);
    }
  };

type Probe = (issuer: MockIssuer, value: unknown) => Promise<void>;

const probes: Readonly<Record<string, Probe>> = {
  issuer: async (issuer, value) => {
    expect(value).toBe(issuer.issuer);
    expect(await stateOf(issuer, await issuer.token())).toMatchObject({ iss: value });
  },
  jwks_uri: async (issuer, value) => {
    const token = await issuer.token();
    const set = createLocalJWKSet((await (await fetch(String(value))).json()) as JSONWebKeySet);
    expect((await jwtVerify(token, set)).payload.iss).toBe(issuer.issuer);
  },
  authorization_endpoint: async (_issuer, value) => {
    const url = `${value}?${new URLSearchParams(requestOf(challenge))}`;
    expect(sentTo(await fetch(url, { redirect: 'manual' })).told).toHaveProperty('code');
  },
  response_types_supported: async (issuer, value) => {
    expect(value).toEqual(['code']);
    expect(await ask(issuer, { response_type: 'code' })).toHaveProperty('code');
    for (const response_type of ['token', 'id_token', 'code token', 'none']) {
      expect(await ask(issuer, { response_type })).toMatchObject({ error: 'unsupported_response_type' });
    }
  },
  response_modes_supported: async (issuer, value) => {
    expect(value).toEqual(['query']);
    expect(await ask(issuer, { response_mode: 'query' })).toHaveProperty('code');
    for (const response_mode of ['fragment', 'form_post', 'jwt']) {
      expect(await ask(issuer, { response_mode })).toMatchObject({ error: 'invalid_request' });
    }
  },
  code_challenge_methods_supported: async (issuer, value) => {
    expect(value).toEqual(['S256']);
    expect(await ask(issuer, { code_challenge_method: 'S256' })).toHaveProperty('code');
    expect(await ask(issuer, { code_challenge_method: 'plain' })).toMatchObject({ error: 'invalid_request' });
  },
  authorization_response_iss_parameter_supported: async (issuer, value) => {
    expect(value).toBe(true);
    expect(await ask(issuer, {})).toMatchObject({ iss: issuer.issuer });
    expect(await ask(issuer, { scope: '"' })).toMatchObject({ error: 'invalid_scope', iss: issuer.issuer });
  },
  acr_values_supported: async (issuer, value) => {
    for (const acr of value as string[]) {
      expect(await claimsAfter(issuer, { acr_values: acr })).toMatchObject({ acr });
    }
    expect(await ask(issuer, { acr_values: 'x' })).toMatchObject({ error: 'unmet_authentication_requirements' });
  },
  authorization_details_types_supported: async (issuer, value) => {
    for (const type of value as string[]) {
      const claims = await claimsAfter(issuer, { authorization_details: JSON.stringify([{ type }]) });
      expect(claims).toMatchObject({ authorization_details: [{ type }] });
    }
    expect(await ask(issuer, { authorization_details: '[{"type":"x"}]' })).toMatchObject({
      error: 'invalid_authorization_details',
    });
  },
  prompt_values_supported: async (issuer, value) => {
    for (const prompt of value as string[]) expect(await ask(issuer, { prompt })).toHaveProperty('code');
    expect(await ask(issuer, { prompt: 'create' })).toMatchObject({ error: 'invalid_request' });
  },
  pushed_authorization_request_endpoint: async (_issuer, value) => {
    const response = await post(String(value), requestOf(challenge), { authorization: basic(web) });
    expect(response.status).toBe(201);
  },
  require_pushed_authorization_requests: async (issuer, value) => {
    expect(value).toBe(false);
    expect(await ask(issuer, {})).toHaveProperty('code');
    const strict = await start([], { requirePushedAuthorizationRequests: true });
    expect(await documentOf(strict)).toMatchObject({ require_pushed_authorization_requests: true });
    expect(await ask(strict, {})).toMatchObject({ error: 'invalid_request' });
  },
  device_authorization_endpoint: async (issuer, value) => {
    const response = await post(String(value), { scope: 'read' }, { authorization: basic(web) });
    expect(await response.json()).toMatchObject({ verification_uri: `${issuer.issuer}/device` });
  },
  token_endpoint: async (_issuer, value) => {
    const form = { grant_type: 'client_credentials' };
    expect((await post(String(value), form, { authorization: basic(web) })).status).toBe(200);
  },
  token_endpoint_auth_methods_supported: authenticates((issuer) => issuer.tokenEndpoint),
  token_endpoint_auth_signing_alg_values_supported: takesAssertions((issuer) => issuer.tokenEndpoint),
  grant_types_supported: async (issuer, value) => {
    const { code, codeVerifier = '' } = await issuer.authorize({ client: 'web' });
    const form = { code, code_verifier: codeVerifier };
    const first = await askForTokens(issuer, { grant_type: 'authorization_code', ...form }, web);
    const refresh_token = String(first.body['refresh_token']);
    const device_code = await approvedDeviceCode(issuer);
    const exchange = { subject_token: await issuer.token(), subject_token_type: accessToken };
    const statuses = new Map<string, number>([
      ['authorization_code', first.status],
      ['refresh_token', (await askForTokens(issuer, { grant_type: 'refresh_token', refresh_token }, web)).status],
      ['client_credentials', (await askForTokens(issuer, { grant_type: 'client_credentials' }, web)).status],
      [device, (await askForTokens(issuer, { grant_type: device, device_code }, web)).status],
      [tokenExchange, (await askForTokens(issuer, { grant_type: tokenExchange, ...exchange }, web)).status],
    ]);
    expect([...statuses.keys()]).toEqual(value);
    expect(new Set(statuses.values())).toEqual(new Set([200]));
    for (const grant_type of ['password', 'implicit', 'urn:ietf:params:oauth:grant-type:saml2-bearer']) {
      const { body } = await askForTokens(issuer, { grant_type }, web);
      expect(body).toMatchObject({ error: 'unsupported_grant_type' });
    }
  },
  protected_resources: async (issuer, value) => {
    const form = (resource: string) => ({ grant_type: 'client_credentials', resource });
    for (const resource of value as string[]) {
      const { body } = await askForTokens(issuer, form(resource), web);
      expect(await stateOf(issuer, String(body['access_token']))).toMatchObject({ aud: resource });
    }
    const other = await askForTokens(issuer, form('https://other.example'), web);
    expect(other.body).toMatchObject({ error: 'invalid_target' });
  },
  introspection_endpoint: async (issuer, value) => {
    const form = { token: await issuer.token() };
    const response = await post(String(value), form, { authorization: basic(issuer.resourceServer) });
    expect(await response.json()).toMatchObject({ active: true });
  },
  introspection_endpoint_auth_methods_supported: async (issuer, value) => {
    await authenticates((one) => one.introspectionEndpoint, true)(issuer, value);
    const open = await start([registration('none')]);
    expect((await post(open.introspectionEndpoint, { token: 'x', client_id: 'own' })).status).toBe(403);
  },
  introspection_endpoint_auth_signing_alg_values_supported: takesAssertions((issuer) => issuer.introspectionEndpoint),
  introspection_signing_alg_values_supported: async (_issuer, value) => {
    for (const alg of value as SignatureAlgorithm[]) {
      const server = { client_id: 'api', client_secret: 's', introspection_signed_response_alg: alg };
      const issuer = await start([], { resourceServers: [server] });
      const headers = {
        authorization: basic({ clientId: 'api', clientSecret: 's' }),
        accept: 'application/token-introspection+jwt',
      };
      const jwt = await (await post(issuer.introspectionEndpoint, { token: 'x' }, headers)).text();
      expect(headerOf(jwt)).toMatchObject({ alg, typ: 'token-introspection+jwt' });
    }
  },
  revocation_endpoint: async (issuer, value) => {
    const token = await issuer.token({ clientId: 'web' });
    expect((await post(String(value), { token }, { authorization: basic(web) })).status).toBe(200);
    expect(await stateOf(issuer, token)).toEqual({ active: false });
  },
  revocation_endpoint_auth_methods_supported: authenticates((issuer) => issuer.revocationEndpoint),
  revocation_endpoint_auth_signing_alg_values_supported: takesAssertions((issuer) => issuer.revocationEndpoint),
};

async function documentOf(issuer: MockIssuer): Promise<Record<string, unknown>> {
  const response = await fetch(`${issuer.issuer}/.well-known/oauth-authorization-server`);
  return (await response.json()) as Record<string, unknown>;
}

describe('[IS-MD-2] the metadata is true', () => {
  test.each(Object.entries(probes))('%s', { timeout: 20_000 }, async (name, holds) => {
    const issuer = await start();
    const document = await documentOf(issuer);
    expect(document).toHaveProperty([name]);
    await holds(issuer, document[name]);
  });

  test('and says nothing else', async () => {
    expect(Object.keys(await documentOf(await start())).sort()).toEqual(Object.keys(probes).sort());
  });

  test('[IS-GEN-1] and every address in it is on this machine, and nothing but a place', async () => {
    const document = await documentOf(await start());
    const addresses = Object.entries(document).filter(([name]) => /(?:^issuer|_uri|_endpoint)$/.test(name));
    expect(addresses).toHaveLength(8);
    for (const [, address] of addresses) {
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+[\w/-]*$/);
    }
  });

  test('[IS-MD-3] and none is no algorithm in it', async () => {
    const lists = Object.entries(await documentOf(await start())).filter(([name]) => name.includes('signing_alg'));
    expect(lists).toHaveLength(4);
    for (const [, algs] of lists) expect(algs).not.toContain('none');
  });

  test('[IS-MD-4] and has no empty list (RFC 8414 section 3.2)', async () => {
    const bare = await documentOf(await startIssuer());
    expect(Object.values(bare).filter((value) => Array.isArray(value) && value.length === 0)).toEqual([]);
    expect(bare).not.toHaveProperty('acr_values_supported');
  });
});
