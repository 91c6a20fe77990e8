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

/**
 * The `Auth` of an accepted token; throws when the token is refused or the request is anonymous.
 */
export async function acceptedAuth(server: ResourceServer, token: string): Promise<Auth> {
  return authOf(await server.check(bearer(token)));
}

function authOf(decision: Decision): Auth {
  if (decision.granted && decision.auth !== null) return decision.auth;
  throw new Error(decision.granted ? 'the request was accepted as anonymous' : decision.error.code);
}

/** The keys of an issuer in the shape of the option `jwks`, so that no key is fetched. */
export function jwksOf({ jwks }: MockIssuer): { readonly keys: Record<string, unknown>[] } {
  return { keys: jwks.keys.map((jwk) => ({ ...jwk })) };
}
