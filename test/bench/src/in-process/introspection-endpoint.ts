import { createMockIssuer, type MockIssuer } from '@resource-server/mock-issuer';
import { answerParent } from '../measure/child.js';
import type { Registration } from '../subjects/introspectors/introspector.js';

/** A message to the endpoint: start, make valid tokens, or make tokens that must be refused. */
export type EndpointOrder = { readonly open: true } | { readonly good: number } | { readonly refused: true };

const audience = 'https://api.example.com';
let issuer: MockIssuer | undefined;

/** The issuer runs in its own process, so that its CPU time is not counted. */
answerParent((order: EndpointOrder): Promise<unknown> => {
  if ('open' in order) return open();
  if (issuer === undefined) throw new Error('not open yet');
  return 'good' in order ? goodTokens(issuer, order.good) : refusedTokens(issuer);
});

async function open(): Promise<Registration> {
  issuer = await createMockIssuer({ alg: 'ES256', audience, accessTokenFormat: 'opaque' });
  const { clientId, clientSecret } = issuer.resourceServer;
  return { issuer: issuer.issuer, audience, clientId, clientSecret };
}

async function goodTokens(of: MockIssuer, count: number): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let at = 0; at < count; at++) {
    tokens.push(await of.token({ subject: `user-${at}`, scope: 'read write', expiresInSeconds: 3600 }));
  }
  return tokens;
}

async function refusedTokens(of: MockIssuer): Promise<readonly string[]> {
  const revoked = await of.token({ scope: 'read write' });
  of.revoke(revoked);
  return [revoked, await of.bad.expired(), await of.bad.wrongAudience(), await of.bad.opaque()];
}
