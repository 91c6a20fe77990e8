import { createResourceServer, type ResourceServer, type ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer, type SignatureAlgorithm } from '@resource-server/mock-issuer';
import { audience } from '../../suite/world.js';
import { type Forge, forgeOf } from './forge.js';
import type { Members } from './jws-builder.js';

type Options = Partial<ResourceServerOptions>;

/** An issuer, a forge with its key, and a server that has its keys and needs no network. */
export interface Fixture {
  readonly issuer: MockIssuer;
  readonly forge: Forge;
  readonly server: ResourceServer;
  /** The options of the server, for applications with the same configuration. */
  readonly options: ResourceServerOptions;
  close(): Promise<void>;
}

/** @param algorithms the algorithms for which the issuer has keys; the forge uses the first */
export async function openFixture(algorithms: readonly SignatureAlgorithm[] = ['ES256']): Promise<Fixture> {
  const [alg = 'ES256'] = algorithms;
  const issuer = await createMockIssuer({ alg, algorithms, audience });
  const options = { issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, audience };
  return {
    issuer,
    forge: await forgeOf(issuer, alg),
    server: createResourceServer(options),
    options,
    close: () => issuer.close(),
  };
}

/** The keys of an issuer in the shape of the option `jwks`. */
export function jwksOf(issuer: MockIssuer): { keys: Members[] } {
  return { keys: issuer.jwks.keys.map((jwk) => ({ ...jwk })) };
}

/** A server with exactly these keys for `issuer`, which needs no network. */
export function serverWithKeys(issuer: string, keys: readonly Members[], options: Options = {}): ResourceServer {
  return createResourceServer({ issuer: { issuer, jwks: { keys } }, audience, ...options });
}

/** A server that must discover the keys of `issuer`, with an empty cache. */
export function coldServerOf(issuer: MockIssuer, options: Options = {}): ResourceServer {
  return createResourceServer({ issuer: issuer.issuer, audience, clock: issuer.clock, ...options });
}
