import type { RegisteredClient } from '../clients/registered-client.js';
import type { Exchange } from '../http/exchange.js';
import type { JsonObject } from '../judge.js';

/** What tokens are bound to. */
export interface SenderConstraint {
  /** Members of the claim `cnf` (RFC 7800 section 3.1). */
  readonly cnf: Readonly<JsonObject>;
  readonly tokenType: 'Bearer' | 'DPoP';
  /** Headers that the answer has on top, a fresh nonce for one. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A way to bind tokens to who asks for them. */
export interface TokenBinding {
  /** What the discovery documents say because of it. */
  readonly metadata: Readonly<JsonObject>;
  /**
   * What tokens for this request are bound to; `undefined` when the request asks for nothing of the kind.
   *
   * @throws OAuthError when what it brings, or does not bring, must be refused.
   */
  constrain(
    exchange: Exchange,
    client: RegisteredClient,
  ): Promise<SenderConstraint | undefined> | SenderConstraint | undefined;
}

/** What tokens are bound to whose `cnf` is this. */
export function constraintTo(cnf: SenderConstraint['cnf']): SenderConstraint {
  return { cnf, tokenType: cnf['jkt'] === undefined ? 'Bearer' : 'DPoP' };
}

/** All that a request binds its tokens to; `undefined` when that is nothing. */
export async function constraintOf(
  bindings: readonly TokenBinding[],
  exchange: Exchange,
  client: RegisteredClient,
): Promise<SenderConstraint | undefined> {
  let all: SenderConstraint | undefined;
  for (const binding of bindings) {
    const one = await binding.constrain(exchange, client);
    if (one !== undefined) all = all === undefined ? one : joined(all, one);
  }
  return all;
}

function joined(one: SenderConstraint, other: SenderConstraint): SenderConstraint {
  return {
    cnf: { ...one.cnf, ...other.cnf },
    tokenType: one.tokenType === 'DPoP' ? 'DPoP' : other.tokenType,
    headers: { ...one.headers, ...other.headers },
  };
}
