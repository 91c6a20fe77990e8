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

/** Issuers at `https://tenant-N.example`: an own `fetch` leads there, and to mock issuers on loopback for their keys. */
export interface Tenants {
  /** Serves their metadata, and hands on the key sets of the mock issuers. */
  readonly fetch: Fetch;
  /** Every address that was asked, in order. */
  readonly asked: string[];
  /** What the application says of a name; `null` for a name that is not in here. */
  readonly answers: Map<string, unknown>;
  /** Every name that the application was asked about, in order. */
  readonly resolved: string[];
  /** Answers from {@link answers}. */
  resolve(iss: string): Promise<IssuerOptions | null>;
  name(at: number): string;
  issuer(at: number): MockIssuer;
  /** A token of a tenant's key that names this tenant. */
  token(at: number, request?: TokenRequest): Promise<string>;
  /** How often a tenant's key set was asked for. */
  jwksFetches(at: number): number;
  /** A server that finds its issuers among them; closed with them. */
  serve(options?: Partial<ResourceServerOptions>): ResourceServer;
  /** Ends the mock issuers and the servers. */
  close(): Promise<void>;
}

const name = (at: number) => `https://tenant-${at}.example`;

/** All of them are approved, until a test says something else. */
export async function startTenants(count: number, options: MockIssuerOptions = {}): Promise<Tenants> {
  const started = Array.from({ length: count }, () => createMockIssuer({ alg: 'ES256', ...options }));
  const issuers = await Promise.all(started);
  const asked: string[] = [];
  const resolved: string[] = [];
  const answers = new Map<string, unknown>(issuers.map((_, at) => [name(at), { issuer: name(at) }]));
  const issuer = (at: number) => {
    const found = issuers[at];
    if (found === undefined) throw new Error(`there are ${count} tenants`);
    return found;
  };
  const servers: ResourceServer[] = [];
  const tenants: Tenants = {
    asked,
    answers,
    resolved,
    name,
    issuer,
    async fetch(url, init) {
      asked.push(url);
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
    jwksFetches: (at) => asked.filter((one) => one === `${name(at)}/jwks`).length,
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
