import type { ResourceServerOptions } from '@resource-server/core';
import type { Refused } from './expected.js';
import type { Seen, WireRequest } from './harness.js';
import type { TokenFormat } from './token-format.js';
import type { World } from './world.js';

/** What every harness must answer. */
export type Expectation = { readonly refused: Refused } | { readonly seen: Seen };

/** One law of behaviour: a request, and what every harness must answer. It holds for tokens of either format, unless it says otherwise. */
export interface SuiteCase {
  /** The law, with the decisions and requirements it shows. */
  readonly name: string;
  readonly request: (world: World) => WireRequest | Promise<WireRequest>;
  /** By format where it makes a difference. */
  readonly expect: Expectation | Readonly<Record<TokenFormat, Expectation>>;
  /** Options beyond the suite's own. */
  readonly options?: Partial<ResourceServerOptions>;
  /** Only where tokens have this format: the law is about something that others do not have. */
  readonly onlyFor?: TokenFormat;
  /** Only where a header line can be sent twice. */
  readonly repeatsHeaders?: true;
  /** Only where bodies are parsed before the gate. */
  readonly needsParsedForm?: true;
}

/** What is expected where tokens have a format. */
export function expectedFor(format: TokenFormat, { expect }: SuiteCase): Expectation {
  return 'jwt' in expect ? expect[format] : expect;
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
