import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import {
  type Auth,
  type Decision,
  type Denied,
  decisionChannel,
  type HttpRequest,
  type ResourceServer,
} from '@resource-server/core';
import { expect } from 'vitest';
import type { Refused } from '../../suite/expected.js';
import { subject } from './forge.js';

type CheckOptions = NonNullable<Parameters<ResourceServer['check']>[1]>;
type CheckRequest = CheckOptions & { readonly request?: Partial<HttpRequest> };

/** A request with one bearer token. */
export function bearer(token: string): HttpRequest {
  return { method: 'GET', url: '/', rawHeaders: ['Authorization', `Bearer ${token}`] };
}

/** Expects this refusal, and no part of the token in the response, the error or the diagnostics. */
export async function expectRefused(
  server: ResourceServer,
  token: string,
  refused: Refused,
  { request, ...options }: CheckRequest = {},
): Promise<Denied> {
  const { decision, published } = await withPublished(() => server.check({ ...bearer(token), ...request }, options));
  return expectDenial(decision, published, token, refused);
}

/** The same for a token without a header, by `checkToken`. */
export async function expectTokenRefused(server: ResourceServer, token: string, refused: Refused): Promise<Denied> {
  const { decision, published } = await withPublished(() => server.checkToken(token));
  return expectDenial(decision, published, token, refused);
}

/** Expects that the token is accepted: the control of every attack. */
export async function expectAccepted(server: ResourceServer, token: string, options: CheckOptions = {}): Promise<Auth> {
  const decision = await server.check(bearer(token), options);
  if (!decision.granted) throw new Error(`refused: ${decision.error.code} ${inspect(decision.error.detail)}`);
  if (decision.auth === null) throw new Error('the request was accepted as anonymous');
  return decision.auth;
}

function expectDenial(
  decision: Decision,
  published: readonly unknown[],
  token: string,
  { code, status, challenge, body }: Refused,
): Denied {
  if (decision.granted) throw new Error('the token was accepted');
  expect(decision.error.code).toBe(code);
  expect({ status: decision.status, challenge: linesOf(decision, 'www-authenticate') }).toEqual({
    status,
    challenge: challenge === undefined ? [] : [challenge],
  });
  expect(JSON.parse(decision.body)).toEqual(body);
  // Default error handlers show the message to clients.
  expect(body).toMatchObject({ detail: decision.error.message });
  expect(linesOf(decision, 'cache-control')).toEqual(['no-store']);
  expectNoTrace(everythingOf(decision, published), token);
  return decision;
}

/** Neither the token nor a part of it nor its subject is contained in `text`. */
export function expectNoTrace(text: string, token: string): void {
  const secrets = [token, ...token.split('.'), subject].filter((part) => part.length >= 16);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
}

/** Everything that a client, a log or a monitor could see of a refusal. */
function everythingOf(decision: Denied, published: readonly unknown[]): string {
  const { error } = decision;
  const seen = [decision, error, error.detail, error.cause, published];
  return [
    ...decision.headers.flat(),
    decision.body,
    error.message,
    error.stack,
    String(error),
    JSON.stringify(error),
    ...seen.map((value) => inspect(value, { depth: null, showHidden: true, maxStringLength: null })),
  ].join('\n');
}

function linesOf({ headers }: Denied, name: string): string[] {
  return headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value);
}

async function withPublished(check: () => Promise<Decision>): Promise<{ decision: Decision; published: unknown[] }> {
  const published: unknown[] = [];
  const collect = (message: unknown) => published.push(message);
  subscribe(decisionChannel, collect);
  try {
    return { decision: await check(), published };
  } finally {
    unsubscribe(decisionChannel, collect);
  }
}
