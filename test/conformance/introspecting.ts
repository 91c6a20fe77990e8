import { createResourceServer, type ResourceServer, type ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer, type MockIssuerOptions } from '@resource-server/mock-issuer';
import { onTestFinished } from 'vitest';
import { audience } from '../suite/world.js';

type Introspection = Partial<
  NonNullable<
    Exclude<ResourceServerOptions['issuer'], string | readonly unknown[] | { resolve: unknown }>['introspection']
  >
>;

/** A mock issuer of opaque tokens and a resource server that asks it, until the end of the test. */
export async function introspecting(
  introspection: Introspection = {},
  options: Partial<ResourceServerOptions> = {},
  issuerOptions: MockIssuerOptions = {},
): Promise<{ readonly issuer: MockIssuer; readonly server: ResourceServer }> {
  const issuer = await createMockIssuer({ alg: 'ES256', audience, accessTokenFormat: 'opaque', ...issuerOptions });
  onTestFinished(() => issuer.close());
  const all = { clientAuthentication: issuer.resourceServer, ...introspection };
  return { issuer, server: asking({ issuer: issuer.issuer, introspection: all }, { clock: issuer.clock, ...options }) };
}

/** A resource server whose issuer says this of every token, whatever it is. */
export function told(answer: unknown, options: Partial<ResourceServerOptions> = {}): ResourceServer {
  const introspection = {
    endpoint: 'https://issuer.test/introspect',
    clientAuthentication: { method: 'client_secret_basic', clientId: 'api', clientSecret: 'secret' },
  } as const;
  const body = JSON.stringify(answer);
  const fetch = async () => new Response(body, { headers: { 'content-type': 'application/json' } });
  return asking({ issuer: 'https://issuer.test', introspection }, { fetch, ...options });
}

function asking(issuer: ResourceServerOptions['issuer'], options: Partial<ResourceServerOptions>): ResourceServer {
  const server = createResourceServer({ issuer, audience, ...options });
  onTestFinished(() => server.close());
  return server;
}
