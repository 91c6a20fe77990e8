import type { Auth, Decision, HttpRequest, ResourceServer } from '@resource-server/core';
import type { MockIssuer } from '@resource-server/mock-issuer';

/** A request with one bearer token. */
export function bearer(token: string): HttpRequest {
  return { method: 'GET', url: '/', rawHeaders: ['Authorization', `Bearer ${token}`] };
}

/** `granted`, or the code of the refusal. */
export async function verdict(
  server: ResourceServer<unknown>,
  token: string,
  options: Parameters<ResourceServer['check']>[1] = {},
): Promise<string> {
  const decision = await server.check(bearer(token), options);
  return decision.granted ? 'granted' : decision.error.code;
}

/** Whom the token admits. */
export async function admitted(server: ResourceServer, token: string): Promise<Auth> {
  return authOf(await server.check(bearer(token)));
}

function authOf(decision: Decision): Auth {
  if (decision.granted && decision.auth !== null) return decision.auth;
  throw new Error(decision.granted ? 'nobody was admitted' : decision.error.code);
}

/** The keys of an issuer as options take them: no network is needed. */
export function jwksOf({ jwks }: MockIssuer): { readonly keys: Record<string, unknown>[] } {
  return { keys: jwks.keys.map((jwk) => ({ ...jwk })) };
}
