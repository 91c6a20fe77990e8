import { createResourceServer, type ResourceServer, type ResourceServerOptions } from '@resource-server/core';
import { createMockIssuer, type MockIssuer, type SignatureAlgorithm } from '@resource-server/mock-issuer';
import { audience } from '../../suite/world.js';
import { type Forge, forgeOf } from './forge.js';
import type { Members } from './jws-builder.js';

type Options = Partial<ResourceServerOptions>;

/** An issuer, its forge and a server that trusts its keys without any network. */
export interface Arena {
  readonly issuer: MockIssuer;
  readonly forge: Forge;
  readonly server: ResourceServer;
  /** What made the server, for applications that shall have another of the same. */
  readonly options: ResourceServerOptions;
  close(): Promise<void>;
}

/** @param algorithms what the issuer has keys for; the forge uses the first */
export async function openArena(algorithms: readonly SignatureAlgorithm[] = ['ES256']): Promise<Arena> {
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

/** The keys of an issuer, as options take them. */
export function jwksOf(issuer: MockIssuer): { keys: Members[] } {
  return { keys: issuer.jwks.keys.map((jwk) => ({ ...jwk })) };
}

/** A server that trusts `issuer` with exactly these keys and no network. */
export function serverWithKeys(issuer: string, keys: readonly Members[], options: Options = {}): ResourceServer {
  return createResourceServer({ issuer: { issuer, jwks: { keys } }, audience, ...options });
}

/** A server that has to discover the keys of `issuer`, and has none yet. */
export function coldServerOf(issuer: MockIssuer, options: Options = {}): ResourceServer {
  return createResourceServer({ issuer: issuer.issuer, audience, clock: issuer.clock, ...options });
}
