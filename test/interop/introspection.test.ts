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
 * oidc-provider over TLS issues opaque tokens, openid-client gets and revokes them, and an application behind each harness knows the name of
 * the issuer and who it is itself: the endpoint is found in the metadata.
 */

const registrations = await registerWithEveryMethod('api');
const [first] = registrations as [Registration];
/** An API that the operator has told of everybody's tokens. */
const gateway = withSecret('gateway', 'client_secret_basic');
const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
/** The same API once more for each algorithm that its answers may be signed with. */
const signed = signingAlgorithms.map((alg) => ({ alg, ...withSecret(`signed:${alg}`, 'client_secret_basic') }));

let provider: IntrospectingProvider;

beforeAll(async () => {
  trustAuthority();
  const ofOurs = [api];
  provider = await startIntrospectingProvider(await mintKeys(), [
    ...registrations.map(({ client }) => ({ client, audiences: ofOurs })),
    ...signed.map(({ alg, client }) => ({
      client: { ...client, introspection_signed_response_alg: alg },
      audiences: ofOurs,
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

/** Watches the warnings of the process, and keeps them from being printed. */
function watchWarnings(): () => unknown[] {
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => emit.mockRestore());
  return () => emit.mock.calls.map(([, options]) => (options as { code?: string } | undefined)?.code);
}

describe.each(harnesses)('$name', (harness) => {
  describe.each(registrations)('an API that oidc-provider knows by $method', ({ method, right, wrong }) => {
    const atMutualTls = method.endsWith('tls_client_auth');

    it(`admits an opaque token as the client that got it, having asked ${atMutualTls ? 'at the mutual TLS alias' : 'at the endpoint'} of the metadata`, async () => {
      const application = await open(harness, right);
      const token = await provider.token('read write', api);
      expect(token).not.toContain('.');
      expect(await application.ask(token)).toMatchObject({
        status: 200,
        handled: true,
        clientId: provider.clientId,
        body: { subject: null, scopes: ['read', 'write'] },
      });
      expect(provider.takeIntrospections()).toEqual([{ atMutualTls, contentType: 'application/json; charset=utf-8' }]);
    });

    it('refuses a token with the request after its client has revoked it, and another token not', async () => {
      const application = await open(harness, right);
      const [token, another] = await Promise.all([provider.token('read', api), provider.token('read', api)]);
      expect((await application.ask(token)).status).toBe(200);
      await provider.revoke(token);
      expect(await application.ask(token)).toMatchObject({ ...badToken('token_inactive'), handled: false });
      expect((await application.ask(another)).status).toBe(200);
    });

    it('asks for a signed answer (RFC 9701), gets one and takes it, until the token is revoked', async () => {
      const application = await open(harness, right, { signedResponse: true });
      const [token, another] = await Promise.all([provider.token('read', api), provider.token('read', api)]);
      expect(await application.ask(token)).toMatchObject({ status: 200, handled: true, clientId: provider.clientId });
      await provider.revoke(token);
      expect(await application.ask(token)).toMatchObject({ ...badToken('token_inactive'), handled: false });
      expect((await application.ask(another)).status).toBe(200);
      const contentType = 'application/token-introspection+jwt; charset=utf-8';
      expect(provider.takeIntrospections()).toEqual(Array(3).fill({ atMutualTls, contentType }));
    });

    it('is 503 and not 401 to its clients where it shows something else, and its operator is warned', async () => {
      const warnings = watchWarnings();
      const token = await provider.token('read', api);
      const impostor = await open(harness, wrong);
      const answered = await impostor.ask(token);
      expect(answered).toMatchObject({ ...unavailable('introspection_unavailable'), handled: false });
      expect(answered.challenge).toBeUndefined();
      expect(answered.retryAfter).toBeGreaterThanOrEqual(1);
      expect(warnings()).toEqual(['RS_INTROSPECTION_CREDENTIALS']);
      expect(provider.takeIntrospections()).toHaveLength(1);
      const application = await open(harness, right);
      expect((await application.ask(token)).status).toBe(200);
    });
  });

  it.each(signed)('takes answers that oidc-provider has signed with $alg', async ({ alg, right }) => {
    const { issuer } = provider;
    const introspection = { clientAuthentication: right, signedResponse: true };
    const [application, picky] = await Promise.all([
      openApplication(harness, { issuer, introspection }),
      openApplication(harness, { issuer, introspection, algorithms: [alg === 'ES256' ? 'ES384' : 'ES256'] }),
    ]);
    onTestFinished(async () => void (await Promise.all([application.close(), picky.close()])));
    const token = await provider.token('read', api);
    expect((await application.ask(token)).status).toBe(200);
    expect(await picky.ask(token)).toMatchObject({ ...unavailable('introspection_unavailable'), handled: false });
  });

  it('a token without the scope of the route is 403, and one with it is not', async () => {
    const application = await open(harness, first.right);
    expect(await application.ask(await provider.token('write', api))).toMatchObject({
      ...forbidden('scope_insufficient', 'read'),
      handled: false,
    });
    expect((await application.ask(await provider.token('read', api))).status).toBe(200);
  });

  it('a token for another API is 401: of it, oidc-provider tells us nothing', async () => {
    const application = await open(harness, first.right);
    const foreign = await provider.token('read', otherApi);
    expect(await application.ask(foreign)).toMatchObject({ ...badToken('token_inactive'), handled: false });
    expect((await application.ask(await provider.token('read', api))).status).toBe(200);
  });

  it('and where it tells us, we refuse it ourselves: a token for another API, and one for none', async () => {
    const application = await open(harness, gateway.right);
    const foreign = await provider.token('read', otherApi);
    expect(await application.ask(foreign)).toMatchObject({ ...badToken('audience_mismatch'), handled: false });
    const forNobody = await provider.token('read');
    expect(await application.ask(forNobody)).toMatchObject({ ...badToken('claim_missing'), handled: false });
    expect((await application.ask(await provider.token('read', api))).status).toBe(200);
  });

  it('a token that nobody issued is 401', async () => {
    const application = await open(harness, first.right);
    const token = await provider.token('read', api);
    expect(await application.ask(`${token}x`)).toMatchObject({ ...badToken('token_inactive'), handled: false });
    expect((await application.ask(token)).status).toBe(200);
  });
});
