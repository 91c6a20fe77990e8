import { exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import { expect, test } from 'vitest';
import type { MockIssuer, ResourceServerRegistration } from '../../src/index.js';
import { startIssuer } from '../referee.js';

const insecure = { [oauth.allowInsecureRequests]: true };
const pair = await generateKeyPair('ES256', { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }] };

async function discover({ issuer }: MockIssuer): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure }));
}

const ways: [Partial<ResourceServerRegistration>, oauth.ClientAuth][] = [
  [{ client_secret: 'a:b %c+ü' }, oauth.ClientSecretBasic('a:b %c+ü')],
  [{ client_secret: 's', token_endpoint_auth_method: 'client_secret_post' }, oauth.ClientSecretPost('s')],
  [{ jwks, token_endpoint_auth_method: 'private_key_jwt' }, oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'k1' })],
];

test.each(ways)('oauth4webapi introspects as %j, plain and signed', async (registration, authentication) => {
  const own = { client_id: 'api', introspection_signed_response_alg: 'ES256', ...registration } as const;
  const issuer = await startIssuer({ resourceServers: [own] });
  const as = await discover(issuer);
  const token = await issuer.token({ format: 'opaque', scope: 'read' });
  for (const requestJwtResponse of [false, true]) {
    const client = { client_id: 'api', introspection_signed_response_alg: 'ES256' };
    const options = { requestJwtResponse, ...insecure };
    const response = await oauth.introspectionRequest(as, client, authentication, token, options);
    if (requestJwtResponse) {
      await oauth.processIntrospectionResponse(as, client, response);
      await oauth.validateApplicationLevelSignature(as, response, insecure);
    } else {
      const state = await oauth.processIntrospectionResponse(as, client, response);
      expect(state).toMatchObject({ active: true, scope: 'read', iss: issuer.issuer });
    }
  }
});

test.each([
  'wrongTyp',
  'wrongIssuer',
  'wrongAudience',
  'badSignature',
  'plain',
  'contentType',
  'unsignedAlgNone',
] as const)('oauth4webapi refuses an answer with the fault %s', async (fault) => {
  const issuer = await startIssuer();
  const as = await discover(issuer);
  const client = { client_id: issuer.resourceServer.clientId, introspection_signed_response_alg: 'ES256' };
  const authentication = oauth.ClientSecretBasic(issuer.resourceServer.clientSecret);
  const ask = async () => {
    const options = { requestJwtResponse: true, ...insecure };
    const response = await oauth.introspectionRequest(as, client, authentication, 'x', options);
    const state = await oauth.processIntrospectionResponse(as, client, response);
    if (response.headers.get('content-type') !== 'application/json') {
      await oauth.validateApplicationLevelSignature(as, response, insecure);
    }
    return { state, type: response.headers.get('content-type') };
  };
  expect(await ask()).toMatchObject({ state: { active: false } });
  issuer.faults.introspection(fault);
  // It takes JSON where a JWT was asked for, and leaves it to who called it to look at the type.
  if (fault === 'plain') expect(await ask()).toMatchObject({ type: 'application/json' });
  else await expect(ask()).rejects.toThrow();
});

test('oauth4webapi revokes a token of its own', async () => {
  const issuer = await startIssuer({ clients: [{ client_id: 'web', client_secret: 's' }] });
  const as = await discover(issuer);
  const token = await issuer.token({ clientId: 'web' });
  const client = { client_id: 'web' };
  const authentication = oauth.ClientSecretBasic('s');
  const response = await oauth.revocationRequest(as, client, authentication, token, insecure);
  expect(await oauth.processRevocationResponse(response)).toBeUndefined();
  const state = await oauth.introspectionRequest(as, client, authentication, token, insecure);
  expect(await oauth.processIntrospectionResponse(as, client, state)).toEqual({ active: false });
});
