import { createResourceServer, type Decision, type IssuerOptions } from '@resource-server/core';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { JWK } from 'oidc-provider';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { discoverClient } from './client.js';
import { api, lifetimeSeconds } from './configuration.js';
import { user } from './interaction.js';
import { type Algorithm, algorithms, mintKey } from './keys.js';
import { type RunningProvider, startProvider } from './provider.js';

afterEach(() => {
  vi.restoreAllMocks();
});

async function providerWith(...parameters: Parameters<typeof startProvider>): Promise<RunningProvider> {
  const provider = await startProvider(...parameters);
  onTestFinished(() => provider.stop());
  return provider;
}

/** The decision of core, with the default options for everything that is not given here. */
async function check(token: string, issuer: string | IssuerOptions, audience = api): Promise<Decision<unknown>> {
  const server = createResourceServer({ issuer, audience });
  onTestFinished(() => server.close());
  return server.check({ method: 'GET', url: '/', rawHeaders: ['Authorization', `Bearer ${token}`] });
}

/** The decision as one word: `granted`, or the error code. */
function verdict(decision: Decision<unknown>): string {
  return decision.granted ? 'granted' : decision.error.code;
}

describe.each(algorithms)('tokens that oidc-provider signs with %s', (alg) => {
  it('a JWT access token conforms to RFC 9068, and the default profile accepts it [RS-9068-4-a]', async () => {
    const provider = await providerWith([await mintKey(alg)]);
    const client = await discoverClient(provider.issuer, alg);
    const { accessToken } = await client.signIn('read');
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg, typ: 'at+jwt', kid: expect.any(String) });
    const claims = decodeJwt(accessToken);
    expect(claims).toEqual({
      iss: provider.issuer,
      aud: api,
      sub: user,
      client_id: client.clientId,
      scope: 'read',
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: Number(claims.iat) + lifetimeSeconds,
    });
    const decision = await check(accessToken, provider.issuer);
    expect(decision).toMatchObject({
      granted: true,
      auth: {
        issuer: provider.issuer,
        audience: [api],
        subject: user,
        clientId: client.clientId,
        scopes: ['read'],
        expiresAt: claims.exp,
        claims: { ...claims },
      },
    });
  });

  it('an ID token is refused for its type, even when the audience is the client id [RS-9068-5-a]', async () => {
    // A token with only a wrong type causes a warning about the profile, which other tests cover.
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const provider = await providerWith([await mintKey(alg)]);
    const client = await discoverClient(provider.issuer, alg);
    const { idToken } = await client.signIn('read');
    expect(decodeJwt(idToken)).toMatchObject({ iss: provider.issuer, aud: client.clientId, sub: user });
    expect(verdict(await check(idToken, provider.issuer, client.clientId))).toBe('type_refused');
    const accessToken = await client.token('read', client.clientId);
    expect(verdict(await check(accessToken, provider.issuer, client.clientId))).toBe('granted');
  });
});

describe('an RSA key that oidc-provider publishes without alg', () => {
  const cases: readonly [Algorithm, IssuerOptions['algorithms'], string][] = [
    ['RS256', undefined, 'granted'],
    ['PS256', undefined, 'algorithm_refused'],
    ['PS256', ['PS256'], 'granted'],
    ['RS256', ['PS256'], 'algorithm_refused'],
  ];

  it.each(cases)(
    'an RSA key without alg, a token with %s, allowed algorithms %j: %s (D-14)',
    async (alg, accepted, expected) => {
      const { alg: _, ...key } = await mintKey(alg);
      const { issuer } = await providerWith([key as JWK], { algorithms: [alg] });
      const token = await (await discoverClient(issuer, alg)).token();
      expect(verdict(await check(token, { issuer, ...(accepted && { algorithms: accepted }) }))).toBe(expected);
    },
  );
});
