import type { ClientAuthentication } from '../client-authentication/authenticate-client.js';
import type { RegisteredClient } from '../clients/registered-client.js';
import type { FaultBoard } from '../faults/faults.js';
import { distortIntrospection } from '../faults/introspection-faults.js';
import { type Answer, privateAnswer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { OAuthError } from '../http/oauth-error.js';
import type { TokenStore } from '../stores/token-store.js';
import type { TokenStatuses } from '../token-status.js';
import { active, introspected } from './introspected-token.js';
import { type Signing, signedAnswer, wantsSignedAnswer } from './signed-introspection.js';

/** What the introspection endpoint stands on. */
export interface IntrospectionParts extends Signing {
  readonly tokens: TokenStore;
  readonly statusList: TokenStatuses;
  readonly clientAuthentication: ClientAuthentication;
  readonly faults: FaultBoard;
}

/** Introspection (RFC 7662): what is known of a token now, for those who may know. A hint of its type is not needed and not heeded. */
export function introspectionEndpoint(parts: IntrospectionParts): (exchange: Exchange) => Promise<Answer> {
  return async (exchange) => {
    const signed = wantsSignedAnswer(exchange.headers.accept);
    const caller = await authorizedCaller(exchange, parts).catch((error: unknown) => {
      // RFC 9701 section 5 answers 400 where a JWT was asked for by someone who may not have one.
      throw signed && error instanceof OAuthError ? error.withStatus(400) : error;
    });
    const token = exchange.form.required('token');
    const known = parts.tokens.find(token);
    const judgement = { issuer: parts.mint.settings.issuer, nowSeconds: parts.mint.nowSeconds() };
    const fault = parts.faults.at('introspection')?.kind;
    const body = distortIntrospection(
      fault,
      introspected(parts.statusList.bars(token) ? undefined : known, caller, judgement),
      () => active(known?.claims ?? parts.mint.claims(), caller),
    );
    return signed && fault !== 'plain' ? signedAnswer(body, caller, parts, fault) : privateAnswer(200, body);
  };
}

async function authorizedCaller(
  exchange: Exchange,
  { clientAuthentication }: IntrospectionParts,
): Promise<RegisteredClient> {
  const caller = await clientAuthentication.authenticate(exchange);
  if (caller.method !== 'none') return caller;
  throw new OAuthError(
    'unauthorized_client',
    `the client '${caller.id}' has no credentials, so it may not introspect`,
    {
      status: 403,
    },
  );
}
