import type { ClientAuthenticationOptions, IntrospectionOptions } from '@resource-server/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { badToken, forbidden, unavailable } from '../suite/expected.js';
import type { Harness } from '../suite/harness.js';
import { harnesses } from '../suite/harnesses/index.js';
import { type Application, openApplication } from './application.js';
import { api, otherApi } from './configuration.js';
import { type IntrospectingProvider, startIntrospectingProvider, trustAuthority } from './introspecting-provider.js';
import { mintKeys } from './keys.js';
import { type Registration, registerWithEveryMethod, withSecret } from './registrations.js';

/*
 * oidc-provider over TLS issues opaque tokens, openid-client gets and revokes them. The application
 * behind each harness is given the issuer identifier and its own client credentials; the endpoint
 * is found in the metadata.
 */

const registrations = await registerWithEveryMethod('api');
const [first] = registrations as [Registration];
/** An API to which the endpoint answers for the tokens of every audience. */
const gateway = withSecret('gateway', 'client_secret_basic');
const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
/** The same API once for each algorithm of signed answers. */
const signed = signingAlgorithms.map((alg) => ({ alg, ...withSecret(`signed:${alg}`, 'client_secret_basic') }));

let provider: IntrospectingProvider;

beforeAll(async () => {
  trustAuthority();
  const ownAudience = [api];
  provider = await startIntrospectingProvider(await mintKeys(), [
    ...registrations.map(({ client }) => ({ client, audiences: ownAudience })),
    ...signed.map(({ alg, client }) => ({
      client: { ...client, introspection_signed_response_alg: alg },
      audiences: ownAudience,
    })),
    { client: gateway.client, audiences: [api, otherApi, undefined] },
  ]);
});

afterAll(async () => {
  await provider.stop();
  vi.restoreAllMocks();
});

async function open(
  harness: Harness,
  clientAuthentication: ClientAuthenticationOptions,
  more: Partial<IntrospectionOptions> = {},
): Promise<Application> {
  const { issuer } = provider;
  const application = await openApplication(harness, { issuer, introspection: { clientAuthentication, ...more } });
  onTestFinished(() => application.close());
  provider.takeIntrospections();
  return application;
}

/** Records the warnings of the process instead of printing them. */
function watchWarnings(): () => unknown[] {
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => emit.mockRestore());
  return () => emit.mock.calls.map(([, options]) => (options as { code?: string } | undefined)?.code);
}

describe.each(harnesses)('$name', (harness) => {
  describe.each(registrations)('an API registered at oidc-provider with $method', ({ method, right, wrong }) => {
    const atMutualTls = method.endsWith('tls_client_auth');

    it(`an opaque token is accepted after introspection ${atMutualTls ? 'at the mutual TLS alias' : 'at the endpoint'} of the metadata`, async () => {
      const application = await open(harness, right);
      const token = await provider.token('read write', api);
      expect(token).not.toContain('.');
      expect(await application.send(token)).toMatchObject({
        status: 200,
        handled: true,
        clientId: provider.clientId,
        body: { subject: null, scopes: ['read', 'write'] },
      });
      expect(provider.takeIntrospections()).toEqual([{ atMutualTls, contentType: 'application/json; charset=utf-8' }]);
    });

    it('a revoked opaque token is refused at the next request, and another token is still accepted', async () => {
      const application = await open(harness, right);
      const [token, another] = await Promise.all([provider.token('read', api), provider.token('read', api)]);
      expect((await application.send(token)).status).toBe(200);
      await provider.revoke(token);
      expect(await application.send(token)).toMatchObject({ ...badToken('token_inactive'), handled: false });
      expect((await application.send(another)).status).toBe(200);
    });

    it('a signed introspection answer (RFC 9701) is requested and accepted, until the token is revoked', async () => {
      const application = await open(harness, right, { signedResponse: true });
      const [token, another] = await Promise.all([provider.token('read', api), provider.token('read', api)]);
      expect(await application.send(token)).toMatchObject({ status: 200, handled: true, clientId: provider.clientId });
      await provider.revoke(token);
      expect(await application.send(token)).toMatchObject({ ...badToken('token_inactive'), handled: false });
      expect((await application.send(another)).status).toBe(200);
      const contentType = 'application/token-introspection+jwt; charset=utf-8';
      expect(provider.takeIntrospections()).toEqual(Array(3).fill({ atMutualTls, contentType }));
    });

    it('with wrong client credentials for introspection requests are 503, not 401, and a warning is emitted', async () => {
      const warnings = watchWarnings();
      const token = await provider.token('read', api);
      const impostor = await open(harness, wrong);
      const answered = await impostor.send(token);
      expect(answered).toMatchObject({ ...unavailable('introspection_unavailable'), handled: false });
      expect(answered.challenge).toBeUndefined();
      expect(answered.retryAfter).toBeGreaterThanOrEqual(1);
      expect(warnings()).toEqual(['RS_INTROSPECTION_CREDENTIALS']);
      expect(provider.takeIntrospections()).toHaveLength(1);
      const application = await open(harness, right);
      expect((await application.send(token)).status).toBe(200);
    });
  });

  it.each(signed)('an introspection answer that oidc-provider signed with $alg is accepted', async ({ alg, right }) => {
    const { issuer } = provider;
    const introspection = { clientAuthentication: right, signedResponse: true };
    const [application, strict] = await Promise.all([
      openApplication(harness, { issuer, introspection }),
      openApplication(harness, { issuer, introspection, algorithms: [alg === 'ES256' ? 'ES384' : 'ES256'] }),
    ]);
    onTestFinished(async () => void (await Promise.all([application.close(), strict.close()])));
    const token = await provider.token('read', api);
    expect((await application.send(token)).status).toBe(200);
    expect(await strict.send(token)).toMatchObject({ ...unavailable('introspection_unavailable'), handled: false });
  });

  it('an opaque token without the scope of the route is 403', async () => {
    const application = await open(harness, first.right);
    expect(await application.send(await provider.token('write', api))).toMatchObject({
      ...forbidden('scope_insufficient', 'read'),
      handled: false,
    });
    expect((await application.send(await provider.token('read', api))).status).toBe(200);
  });

  it('an opaque token for another API is 401, since oidc-provider reports it as inactive', async () => {
    const application = await open(harness, first.right);
    const foreign = await provider.token('read', otherApi);
    expect(await application.send(foreign)).toMatchObject({ ...badToken('token_inactive'), handled: false });
    expect((await application.send(await provider.token('read', api))).status).toBe(200);
  });

  it('an active opaque token is 401 when it is for another audience, or has none', async () => {
    const application = await open(harness, gateway.right);
    const foreign = await provider.token('read', otherApi);
    expect(await application.send(foreign)).toMatchObject({ ...badToken('audience_mismatch'), handled: false });
    const withoutAudience = await provider.token('read');
    expect(await application.send(withoutAudience)).toMatchObject({ ...badToken('claim_missing'), handled: false });
    expect((await application.send(await provider.token('read', api))).status).toBe(200);
  });

  it('an opaque token that the issuer did not issue is 401', async () => {
    const application = await open(harness, first.right);
    const token = await provider.token('read', api);
    expect(await application.send(`${token}x`)).toMatchObject({ ...badToken('token_inactive'), handled: false });
    expect((await application.send(token)).status).toBe(200);
  });
});
