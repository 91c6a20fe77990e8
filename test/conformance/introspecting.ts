import { createResourceServer, type ResourceServer, type ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer, type MockIssuerOptions } from '@resource-server/mock-issuer';
import { onTestFinished } from 'vitest';
import { audience } from '../suite/world.js';

type Introspection = Partial<
  NonNullable<
    Exclude<ResourceServerOptions['issuer'], string | readonly unknown[] | { resolve: unknown }>['introspection']
  >
>;

/**
 * A mock issuer of opaque tokens and a resource server that introspects them; the test closes both.
 */
export async function introspecting(
  introspection: Introspection = {},
  options: Partial<ResourceServerOptions> = {},
  issuerOptions: MockIssuerOptions = {},
): Promise<{ readonly issuer: MockIssuer; readonly server: ResourceServer }> {
  const issuer = await createMockIssuer({ alg: 'ES256', audience, accessTokenFormat: 'opaque', ...issuerOptions });
  onTestFinished(() => issuer.close());
  const all = { clientAuthentication: issuer.resourceServer, ...introspection };
  return {
    issuer,
    server: serverOf({ issuer: issuer.issuer, introspection: all }, { clock: issuer.clock, ...options }),
  };
}

/** A resource server whose introspection endpoint gives this answer for every token. */
export function introspectionAnswer(answer: unknown, options: Partial<ResourceServerOptions> = {}): ResourceServer {
  const introspection = {
    endpoint: 'https://issuer.test/introspect',
    clientAuthentication: { method: 'client_secret_basic', clientId: 'api', clientSecret: 'secret' },
  } as const;
  const body = JSON.stringify(answer);
  const fetch = async () => new Response(body, { headers: { 'content-type': 'application/json' } });
  return serverOf({ issuer: 'https://issuer.test', introspection }, { fetch, ...options });
}

function serverOf(issuer: ResourceServerOptions['issuer'], options: Partial<ResourceServerOptions>): ResourceServer {
  const server = createResourceServer({ issuer, audience, ...options });
  onTestFinished(() => server.close());
  return server;
}
