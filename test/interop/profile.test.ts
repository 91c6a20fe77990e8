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

/** Core's decision, with nothing said of the issuer but what is said here. */
async function check(token: string, issuer: string | IssuerOptions, audience = api): Promise<Decision<unknown>> {
  const server = createResourceServer({ issuer, audience });
  onTestFinished(() => server.close());
  return server.check({ method: 'GET', url: '/', rawHeaders: ['Authorization', `Bearer ${token}`] });
}

/** A decision in one word. */
function verdict(decision: Decision<unknown>): string {
  return decision.granted ? 'granted' : decision.error.code;
}

describe.each(algorithms)('of what oidc-provider signs with %s', (alg) => {
  it('[RS-9068-4-a] a JWT access token is one of RFC 9068, and the default profile takes it', async () => {
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

  it('[RS-9068-5-a] an ID token is refused for its type, even by an API that goes by the name of the client', async () => {
    // That the type alone is wrong here has the server warn of its profile; that it does is shown elsewhere.
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

  it.each(cases)('D-14: %s, where the algorithms are %j: %s', async (alg, accepted, expected) => {
    const { alg: _, ...key } = await mintKey(alg);
    const { issuer } = await providerWith([key as JWK], { algorithms: [alg] });
    const token = await (await discoverClient(issuer, alg)).token();
    expect(verdict(await check(token, { issuer, ...(accepted && { algorithms: accepted }) }))).toBe(expected);
  });
});
