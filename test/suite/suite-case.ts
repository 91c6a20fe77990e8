import type { ResourceServerOptions } from '@resource-server/core';
import type { Refused } from './expected.js';
import type { Seen, WireRequest } from './harness.js';
import type { TokenFormat } from './token-format.js';
import type { World } from './world.js';

/** The response that every harness must give. */
export type Expectation = { readonly refused: Refused } | { readonly seen: Seen };

/**
 * One case: a request and the response that every harness must give. It applies to tokens of both
 * formats unless `onlyFor` is set.
 */
export interface SuiteCase {
  /** The name, with the decisions and requirements that the case tests behind it. */
  readonly name: string;
  readonly request: (world: World) => WireRequest | Promise<WireRequest>;
  /** One value, or one per token format. */
  readonly expect: Expectation | Readonly<Record<TokenFormat, Expectation>>;
  /** Options in addition to the suite's own. */
  readonly options?: Partial<ResourceServerOptions>;
  /** Only for tokens of this format: the other format does not have the tested feature. */
  readonly onlyFor?: TokenFormat;
  /** Only where a header line can be sent twice. */
  readonly repeatsHeaders?: true;
  /** Only where bodies are parsed before `auth()`. */
  readonly needsParsedForm?: true;
}

/** The expected response for tokens of this format. */
export function expectedFor(format: TokenFormat, { expect }: SuiteCase): Expectation {
  return 'jwt' in expect ? expect[format] : expect;
}

/** The identity that a handler receives for a token of the user ada with these scopes. */
export const ada = (...scopes: readonly string[]): { readonly seen: Seen } => ({ seen: { subject: 'ada', scopes } });

/** A request with one Authorization line. */
export function withAuthorization(value: string, rest: WireRequest = {}): WireRequest {
  return { ...rest, headers: [...(rest.headers ?? []), ['Authorization', value]] };
}

/** A request with a valid token. */
export async function withToken(
  { issuer }: World,
  scope: string,
  rest: WireRequest = {},
  claims: Record<string, unknown> = {},
): Promise<WireRequest> {
  return withAuthorization(`Bearer ${await issuer.token({ subject: 'ada', scope, claims })}`, rest);
}
