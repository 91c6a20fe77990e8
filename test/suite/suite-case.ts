import type { ResourceServerOptions } from '@resource-server/core';
import type { Refused } from './expected.js';
import type { Seen, WireRequest } from './harness.js';
import type { World } from './world.js';

/** One law of behaviour: a request, and what every harness must answer. */
export interface SuiteCase {
  /** The law, with the decisions and requirements it shows. */
  readonly name: string;
  readonly request: (world: World) => WireRequest | Promise<WireRequest>;
  readonly expect: { readonly refused: Refused } | { readonly seen: Seen };
  /** Options beyond the suite's own. */
  readonly options?: Partial<ResourceServerOptions>;
  /** Only where a header line can be sent twice. */
  readonly repeatsHeaders?: true;
  /** Only where bodies are parsed before the gate. */
  readonly needsParsedForm?: true;
}

/** What a token for ada with these scopes shows to the handler. */
export const ada = (...scopes: readonly string[]): { readonly seen: Seen } => ({ seen: { subject: 'ada', scopes } });

/** A request with one Authorization line. */
export function withAuthorization(value: string, rest: WireRequest = {}): WireRequest {
  return { ...rest, headers: [...(rest.headers ?? []), ['Authorization', value]] };
}

/** A request with a good token. */
export async function withToken(
  { issuer }: World,
  scope: string,
  rest: WireRequest = {},
  claims: Record<string, unknown> = {},
): Promise<WireRequest> {
  return withAuthorization(`Bearer ${await issuer.token({ subject: 'ada', scope, claims })}`, rest);
}
