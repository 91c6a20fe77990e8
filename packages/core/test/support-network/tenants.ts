import {
  createMockIssuer,
  type MockIssuer,
  type MockIssuerOptions,
  type TokenRequest,
} from '@resource-server/mock-issuer';
import type { Fetch } from '../../src/model/fetch.js';
import type { IssuerOptions } from '../../src/options/issuer-options.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';

/**
 * Issuers at `https://tenant-N.example`. A custom `fetch` serves their metadata and gets their keys
 * from mock issuers on loopback.
 */
export interface Tenants {
  /** Serves their metadata, and the key sets of the mock issuers. */
  readonly fetch: Fetch;
  /** Every URL that was requested, in order. */
  readonly requested: string[];
  /** The result of the resolver for a name; `null` for a name without an entry. */
  readonly answers: Map<string, unknown>;
  /** Every name that the resolver was called with, in order. */
  readonly resolved: string[];
  /** Answers from {@link answers}. */
  resolve(iss: string): Promise<IssuerOptions | null>;
  name(at: number): string;
  issuer(at: number): MockIssuer;
  /** A token that names this tenant, signed with its key. */
  token(at: number, request?: TokenRequest): Promise<string>;
  /** The number of requests for the key set of a tenant. */
  jwksFetches(at: number): number;
  /** A server that resolves its issuers among these tenants. `close()` closes it too. */
  serve(options?: Partial<ResourceServerOptions>): ResourceServer;
  /** Closes the mock issuers and the servers. */
  close(): Promise<void>;
}

const name = (at: number) => `https://tenant-${at}.example`;

/** Every tenant is trusted until a test changes its entry in `answers`. */
export async function startTenants(count: number, options: MockIssuerOptions = {}): Promise<Tenants> {
  const started = Array.from({ length: count }, () => createMockIssuer({ alg: 'ES256', ...options }));
  const issuers = await Promise.all(started);
  const requested: string[] = [];
  const resolved: string[] = [];
  const answers = new Map<string, unknown>(issuers.map((_, at) => [name(at), { issuer: name(at) }]));
  const issuer = (at: number) => {
    const found = issuers[at];
    if (found === undefined) throw new Error(`there are ${count} tenants`);
    return found;
  };
  const servers: ResourceServer[] = [];
  const tenants: Tenants = {
    requested,
    answers,
    resolved,
    name,
    issuer,
    async fetch(url, init) {
      requested.push(url);
      const { origin, pathname } = new URL(url);
      const at = issuers.findIndex((_, index) => name(index) === origin);
      if (pathname === '/jwks') return fetch(issuer(at).jwksUri, init);
      if (pathname !== '/.well-known/oauth-authorization-server') return new Response('', { status: 404 });
      return Response.json({ issuer: origin, jwks_uri: `${origin}/jwks` });
    },
    async resolve(iss) {
      resolved.push(iss);
      return (answers.get(iss) ?? null) as IssuerOptions | null;
    },
    token: (at, { claims, ...request } = {}) => issuer(at).token({ ...request, claims: { iss: name(at), ...claims } }),
    jwksFetches: (at) => requested.filter((one) => one === `${name(at)}/jwks`).length,
    serve(more = {}) {
      const { audience = 'https://api.example.com', clock = issuer(0).clock } = options;
      const { fetch, resolve } = tenants;
      const server = createResourceServer({ issuer: { resolve }, audience, clock, fetch, ...more });
      servers.push(server);
      return server;
    },
    async close() {
      await Promise.all([...servers, ...issuers].map((one) => one.close()));
    },
  };
  return tenants;
}
