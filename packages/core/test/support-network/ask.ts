import type { MockIssuer } from '@resource-server/mock-issuer';
import type { Auth } from '../../src/model/auth.js';
import type { Decision, Denied } from '../../src/model/decision.js';
import type { HttpRequest } from '../../src/model/request.js';
import type { ResourceServerOptions } from '../../src/options/resource-server-options.js';
import { createResourceServer, type ResourceServer } from '../../src/resource-server.js';

export const audience = 'https://api.example.com';

/** A request without credentials. */
export function anonymous(fields: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url: '/', rawHeaders: [], ...fields };
}

/** A request with a bearer token. */
export function bearer(token: string, fields: Partial<HttpRequest> = {}): HttpRequest {
  return anonymous({ rawHeaders: ['Authorization', `Bearer ${token}`], ...fields });
}

/** A decision in one word: `granted`, or the code of the refusal. */
export function verdict(decision: Decision<unknown>): string {
  return decision.granted ? 'granted' : decision.error.code;
}

export function denialOf(decision: Decision<unknown>): Denied {
  if (decision.granted) throw new Error('granted');
  return decision;
}

export function authOf<Claims>(decision: Decision<Claims>): Auth<Claims> {
  if (!decision.granted) throw new Error(`refused: ${decision.error.code}`);
  if (decision.auth === null) throw new Error('anonymous');
  return decision.auth;
}

export function headerOf({ headers }: Denied, name: string): string | undefined {
  return headers.find(([candidate]) => candidate.toLowerCase() === name.toLowerCase())?.[1];
}

/** The keys of an issuer in the form of the option `jwks`. */
export function jwksOf(issuer: MockIssuer): { keys: Record<string, unknown>[] } {
  return { keys: issuer.jwks.keys.map((jwk) => ({ ...jwk })) };
}

/** A resource server that trusts one mock issuer, over its network endpoints. */
export function serverOf<Claims>(
  issuer: MockIssuer,
  options: Partial<ResourceServerOptions<Claims>> = {},
): ResourceServer<Claims> {
  return createResourceServer<Claims>({ issuer: issuer.issuer, audience, clock: issuer.clock, ...options });
}

/** The same, with the keys of the issuer as the option `jwks`, and no network. */
export function offlineServerOf<Claims>(
  issuer: MockIssuer,
  options: Partial<ResourceServerOptions<Claims>> = {},
): ResourceServer<Claims> {
  return serverOf(issuer, { issuer: { issuer: issuer.issuer, jwks: jwksOf(issuer) }, ...options });
}
